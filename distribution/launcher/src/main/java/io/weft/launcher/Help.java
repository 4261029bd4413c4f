package io.weft.launcher;

import java.util.Map;

/** What {@code --help} prints for the commands that need no running node; the others answer for themselves. */
final class Help {

  private static final String OVERVIEW = """
      weft joins machines that cannot reach each other into one fabric.

      Usage: weft [--home DIR] [--config FILE] COMMAND [ARGUMENT...]

      Without a running node:
        init                 make a home: configuration, secret, directories
        run                  run a node until Ctrl-C or SIGTERM
        demo                 show what it does: three nodes on this machine; --nat, --dcs, --billing: others
        config validate      check weft.yaml without starting anything
        config schema        print the JSON schema of weft.yaml
        config reference     print what every key means, as Markdown
        config explain       show each effective value and where it came from
        dcs recover          with the node stopped: go on with what this member has, when a majority is lost for good
        plugin new           make the project of a plugin: weft plugin new discovery acme-peers
        plugin validate      look at the jar of a plugin as a node would
        plugin compat        say which installed plugins another version would break
        plugin reference     print what can be configured in a plugin, as Markdown
        dev                  in the project of a plugin: two nodes that take each build of it as soon as a file is saved
        plugin key           make a key to sign plugins with
        plugin sign          sign the jar of a plugin
        plugin root          say whose signatures count in a catalogue, and change that
        plugin pack          make a catalogue of a folder of signed jars
        version              print the version
        archive              make starts faster (a node does it by itself, a while after its first start)

      With a running node (through its control socket):
        status               what this node is, sees and serves
        shell                an interactive shell in the node, with completion
        NOUN VERB...         any shell command: weft link list is link:list there
        help                 this text; inside the shell: all commands

      Options that every command takes:
        --home DIR           home of the node; default $WEFT_HOME, else ~/.weft
        --config FILE        configuration; default conf/weft.yaml in the home
        --help               explain a command, with examples
        --json               answer as JSON (weft run: --log-format json)

      Exit codes: 0 ok, 1 a check failed, 2 usage, 3 something must be done first, 4 not allowed.

      Examples:
        weft demo --once
        weft init --home /srv/weft && weft run --home /srv/weft
        weft status --json
        weft link list
      """;

  private static final Map<String, String> COMMANDS = Map.of(
      "dev", """
          weft dev: in the project of a plugin, build it, run it in nodes in target/nodes, and whenever a file of src/main, pom.xml or bnd.bnd is
          saved, build it again and let the running nodes take it. Links stay up. A build that fails changes nothing. Needs Maven.

          Usage: weft dev [--nodes 1|2] [--dir PROJECT] [--port PORT]

            --nodes 1|2          how many; two are linked. Default 2
            --dir PROJECT        the project; default this folder
            --port PORT          UDP port of the first node on 127.0.0.1; the second has the next. Default 17450

          Environment: MAVEN names Maven, with its options.

          Examples:
            weft dev
            weft dev --nodes 1 --dir acme-peers
            MAVEN="mvn -o" weft dev
          """,
      "plugin", """
          weft plugin: for those who write plugins. None of these needs a running node, Maven or a network.

          Usage: weft plugin new KIND NAME [--group GROUP] [--package PACKAGE] [--dir DIR]
                 weft plugin validate JAR [--json]
                 weft plugin reference JAR [--into README.md]
                 weft plugin compat [DISTRIBUTION | API-JAR] [--home DIR] [--json]
                 weft plugin key new FILE [--plugins NAMES] [--catalogs NAMES] [--json]
                 weft plugin sign JAR... --key FILE [--json]
                 weft plugin root new FOLDER [--name NAME] [--root FILE.pub]... [--root-signatures N] [--index FILE.pub]...
                                             [--index-signatures N] [--days N] [--key FILE]... [--json]
                 weft plugin root sign FOLDER --key FILE... [--json]
                 weft plugin root show FOLDER [--json]
                 weft plugin pack FOLDER --key FILE... [--name NAME] [--days N] [--signatures N] [--json]

            new                  make a project that builds at once: component, configuration, tests, README and a way to run it. KIND is
                                 one of balance, command, dcs, deposit, discovery, job, meter, path, rating, secret, transport; NAME is
                                 that of the plugin, such as acme-peers
            validate             say of each thing that is wrong with the jar where it is, what it is and what to do; code 1 if something is
            compat               say which of the plugins in a home would break with another distribution, or another API: before an update
            reference            print the keys that the plugin has in weft.yaml; --into puts them between the two marks of its README

            key                  make a key in FILE, and FILE.pub for conf/keys of the nodes that trust it. NAMES of plugins are such as
                                 com.acme.vault, com.acme. for all below, or * for any; NAMES of catalogues are such as acme
            sign                 sign jars in place, every byte of them; a node runs no plugin that no trusted key has signed
            root                 new: write FOLDER/root.N, which names the keys that may sign the next root (--root) and the index of the
                                 catalogue (--index); what is not said stays as it was. Good for N days (365). As many keys as the root
                                 before wants have to sign, and as many as it wants itself (a majority, unless said otherwise; 1 for the
                                 index); until then it waits as root.N.next for 'root sign'. show: all of them, and what is missing
            pack                 write FOLDER/index, which makes a catalogue of the signed jars in FOLDER: serve it on the web or as a folder. NAME is
                                 asked for the first time; it is good for N days (90), with as many signatures as there are keys unless said otherwise

            --group GROUP        groupId of Maven; else org.example
            --package PACKAGE    package of the classes; else GROUP and the name without dashes
            --dir DIR            where to make the project; else NAME. Nothing is written over

          Examples:
            weft plugin new discovery acme-peers --group com.acme
            weft plugin validate target/acme-peers-1.0.0-SNAPSHOT.jar
            weft plugin reference target/acme-peers-1.0.0-SNAPSHOT.jar --into README.md
            weft plugin compat /opt/weft-0.2.0 --home /srv/weft
            weft plugin key new ~/acme.key --plugins com.acme.
            weft plugin sign target/acme-peers-1.0.0-SNAPSHOT.jar --key ~/acme.key
            weft plugin root new /srv/plugins --name acme --root r1.pub --root r2.pub --index acme.pub --key r1.key --key r2.key
            weft plugin pack /srv/plugins --key ~/acme.key --name acme
          """,
      "run", """
          weft run: run a node in this process until Ctrl-C or SIGTERM; then it leaves the fabric and exits 0 within 10 s.

          Usage: weft run [--home DIR] [--config FILE] [OPTION...]

            --log-format FORMAT  text or json, one event per line on standard error; else $WEFT_LOG_FORMAT, else log.format of weft.yaml
            --log-level LEVEL    error, warn, info, debug or trace; else $WEFT_LOG_LEVEL, else log.level of weft.yaml
            --features LIST      feature files to install, with commas; default core,node,hub,ops
            --exit-on-eof        stop when standard input ends, for a program that starts nodes
            --exit-when-ready    stop as soon as everything is up: a trial run

          Environment: WEFT_JAVA_OPTS adds options of the JVM (such as -Xmx512m), JAVA_HOME chooses it, WEFT_DEBUG=1 lets debuggers attach.

          Examples:
            weft run
            weft run --home /srv/weft --log-format json
            WEFT_JAVA_OPTS=-Xmx512m weft run
          """,
      "shell", """
          weft shell: an interactive shell in the running node, with completion and history. Ctrl-C cancels a command, Ctrl-D leaves;
          the node keeps running.

          Usage: weft shell [--home DIR]

          Examples:
            weft shell
            weft shell --home /srv/weft
            echo link:list | weft shell
          """,
      "version", """
          weft version: print the version.

          Usage: weft version [--verbose] [--json]

            --verbose            also the JVM, the system and every bundle
            --json               as JSON

          Examples:
            weft version
            weft version --verbose
          """,
      "archive", """
          weft archive: make the class-data archive that halves the time of a start. A node does this by itself half a minute after a start
          without one; call it to have it at once, such as when building an image. One per JVM and installation, in $WEFT_CACHE_DIR, else
          $XDG_CACHE_HOME/weft, else ~/.cache/weft.

          Usage: weft archive [--json]

          Examples:
            weft archive
            WEFT_CACHE_DIR=/var/cache/weft weft archive
          """,
      "demo", """
          weft demo: three nodes as three processes in temporary homes on this machine, real traffic between them, a kill and a heal,
          a plugin swapped under load. Removes everything it made.

          With --nat: two nodes in two homes behind NAT routers and a public hub, all of network namespaces on this machine. They link
          directly, the NAT changes, the direct way is cut and healed, and one download goes on through all of it. Needs root, ip and nft.

          With --dcs STORE: three nodes that coordinate on a store, which the demo starts: etcd, nats or postgres if that is installed, or
          raft, which is the nodes themselves. One job runs on one node at a time; its holder is killed three times, and each time
          another node goes on. Whoever the job calls writes down every call, and that record is looked through at the end.

          With --billing: three nodes that keep the same books in a PostgreSQL which one of them runs. Ten thousand accounts are charged for
          a day of hours, whoever charges them is killed twice, deposits are given twice, and the books are verified at the end.

          Usage: weft demo [--nat | --dcs STORE | --billing] [--once] [--keep] [--json]

            --nat                the demo of NAT
            --dcs STORE          the demo of coordination, on etcd, nats, postgres or raft
            --billing            the demo of billing
            --once               end after the last step; the exit code is 0 only if every step worked
            --keep               leave the homes (configuration, logs) where they are
            --json               print what came of the steps as JSON; the progress then goes to standard error

          Examples:
            weft demo
            weft demo --once
            weft demo --once --json 2>/dev/null
            sudo weft demo --nat
            weft demo --dcs etcd --once
            weft demo --billing --once
          """);

  private Help() {}

  static boolean has(String command) {
    return COMMANDS.containsKey(command);
  }

  /** The text for that command, or the overview if there is none. */
  static String of(String command) {
    return COMMANDS.getOrDefault(command, OVERVIEW);
  }
}
