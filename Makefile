# One verb per need. `make` alone lists them.
WEFT = distribution/assembly/target/weft/bin/weft
N ?= 20

.PHONY: help check contract repeat demo bench lab plugins nightly
help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 10

check: ## build, all tests, the arrows; before each commit
	mvn -B verify

repeat: ## one test many times, until it fails: make repeat N=200 T=FooTest
	itests/repeat $(N) $(T)

demo: ## three nodes on this machine, with real traffic
	mvn -q -B -DskipTests package
	$(WEFT) demo

contract: ## docs/reference/stores.md from the reports of the last run of the tests
	itests/contract

bench: ## every figure of docs/results.md, with its baseline; one alone: make bench B=latency
	mvn -q -B -DskipTests package
	itests/bench/bench $(B)

lab: ## does this machine carry the NAT lab
	itests/natlab/selfcheck

nightly: ## the long tests of nodes behind NAT, of faults under coordination, of contenders for money and of every kind of plugin; needs root, and libfaketime besides what .ci/run installs
	mvn -B -Pnightly -pl itests/nat,itests/coordination -am -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false verify
	mvn -B -pl bundles/billing -am -Dtest=ContendersTest,LostCommitsTest,WorstDayTest -Dsurefire.failIfNoSpecifiedTests=false -Dweft.billing.scale=350 test
	mvn -B -pl itests/fabric -am -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=BillingIT -Dfailsafe.failIfNoSpecifiedTests=false -Dweft.billing.nodes=8 -Dweft.billing.accounts=43000 -Dweft.billing.kills=30 verify
	$(MAKE) plugins

plugins: ## a plugin of each kind, from nothing to signed and running in two nodes, as the page of the SDK says
	mvn -q -B -DskipTests package
	itests/sdk/replay
