"""Faults: loss and partitions (nftables at the far end of a cable), delay and rate (nfem), NAT that changes, cables that move."""

import json
import os
import signal
import subprocess

from natlab_lib import lab, nat

HERE = os.path.dirname(os.path.realpath(__file__))
PID_FILE = f"{lab.RUN}/nfem.pid"
EMULATOR = "/run/natlab/nfem"


def inject(nodes, kind, name, arguments):
    node = lab.find(nodes, name)
    options = dict(argument.split("=", 1) for argument in arguments if "=" in argument)
    match kind:
        case "loss":
            node.setdefault("loss", []).append(options)
            drop_packets(nodes, name)
        case "partition":
            way = options.pop("dir", "both")
            options |= {direction: 100 for direction in ("up", "down") if way in (direction, "both")}
            node.setdefault("loss", []).append(options)
            drop_packets(nodes, name)
        case "link":
            way = options.pop("dir", "both")
            node.setdefault("link", {}).update({d: options for d in ("up", "down") if way in (d, "both")})
            emulate(nodes)
        case "udp":
            node["udp"] = arguments[0]
            nat.apply(nodes, name)
        case "expire":
            node["life"] = int(arguments[0])
            lab.sysctl(name, {f"net.netfilter.nf_conntrack_udp_timeout{x}": arguments[0] for x in ("", "_stream")})
            nat.apply(nodes, name)
        case "rebind":
            rebind(nodes, name, options)
        case "roam":
            lab.ip(node["via"], f"link del to-{name}")
            node["via"], node["ip"] = options["via"], [options["ip"]]
            lab.plug(nodes, name)
        case _:
            lab.fail(f"there is no fault {kind}")
    lab.save(nodes)


def restore(nodes, only=None):
    for name in [only] if only else nodes:
        node = lab.find(nodes, name)
        node.pop("link", None)
        if node.pop("loss", None):
            drop_packets(nodes, name)
    emulate(nodes)
    lab.save(nodes)


def rebind(nodes, name, options):
    node = nodes[name]
    first = int(node.get("ports", "20000-").split("-")[0]) + 1000
    first = 30000 if first > 48000 else first
    node["ports"] = f"{first}-{first + 999}"
    if "addr" in options:
        old, new = node["ip"][0], options["addr"]
        # In this order: whoever loses the last address of a device loses its routes.
        lab.ip(name, f"addr add {new}/32 dev wan", f"addr del {old}/32 dev wan")
        lab.ip(lab.INET, f"route replace {new}/32 dev to-{name}", f"route del {old}/32")
        node["ip"][0] = new
    nat.apply(nodes, name, tcp=True)


def drop_packets(nodes, name):
    """All loss of one node as one table on the far end of its cable."""
    chains = ""
    for direction, hook in (("up", "ingress"), ("down", "egress")):
        drops = [drop_rule(nodes, fault, direction) for fault in nodes[name].get("loss", []) if float(fault.get(direction, 0)) > 0]
        if drops:
            body = "\n    ".join(drops)
            chains += f'  chain {direction} {{ type filter hook {hook} device "to-{name}" priority 0; policy accept;\n    {body}\n  }}\n'
    table = f"table netdev faults_{name}"
    lab.nft(nodes[name]["via"], f"{table} {{}}\ndelete {table}\n" + (f"{table} {{\n{chains}}}\n" if chains else ""))


def drop_rule(nodes, fault, direction):
    rule = ""
    if "peer" in fault:
        address = "daddr" if direction == "up" else "saddr"
        rule += f"ip {address} {{ {', '.join(public_addresses(nodes, fault['peer']))} }} "
    rule += f"meta l4proto {fault['proto']} " if "proto" in fault else "ether type ip "
    percent = float(fault[direction])
    if percent < 100:
        rule += f"numgen random mod 10000 < {round(percent * 100)} "
    return rule + "counter drop"


def counters(nodes, name):
    """How many packets the faults of a node dropped since they were set: proof that they took effect."""
    node = lab.find(nodes, name)
    sums = {"up": 0, "down": 0, "udp": 0}
    if node.get("loss"):
        for chain, count in dropped(node["via"], "netdev", f"faults_{name}"):
            sums[chain] += count
    if node.get("udp") == "off":
        sums["udp"] = sum(count for chain, count in dropped(name, "ip", "nat") if chain == "forward")
    return sums


def dropped(where, family, table):
    listing = json.loads(lab.inside(where, "nft", "-j", "list", "table", family, table))
    for entry in listing["nftables"]:
        rule = entry.get("rule", {})
        expressions = rule.get("expr", [])
        if any("drop" in expression for expression in expressions):
            yield rule["chain"], sum(expression["counter"]["packets"] for expression in expressions if "counter" in expression)


def public_addresses(nodes, name):
    while nodes[name]["via"] != lab.INET:
        name = nodes[name]["via"]
    return nodes[name]["ip"]


def emulate(nodes):
    """Delay, jitter, rate, queue and bursts: packets wait in netfilter queues of "inet", one nfem for the lab lets them go."""
    queues, rules = [], []
    for name, node in nodes.items():
        for direction, chain, flag in (("up", "FORWARD", "-i"), ("down", "POSTROUTING", "-o")):
            options = node.get("link", {}).get(direction)
            if not options:
                continue
            if node["via"] != lab.INET:
                lab.fail("`link` works on nodes that hang on inet")
            number = len(queues) + 1
            queues.append(f"{number}:{','.join(f'{key}={value}' for key, value in options.items())}")
            rules.append(f"-A {chain} {flag} to-{name} -j NFQUEUE --queue-num {number} --queue-bypass")
    stop_emulator()
    lab.inside(lab.INET, "iptables-restore", stdin="*mangle\n" + "".join(rule + "\n" for rule in rules) + "COMMIT\n")
    if queues:
        start_emulator(queues)


def stop_emulator():
    if os.path.exists(PID_FILE):
        with open(PID_FILE) as file:
            pid = int(file.read())
        try:
            os.kill(pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        os.unlink(PID_FILE)


def start_emulator(queues):
    compile_emulator()
    with open(f"{lab.RUN}/nfem.log", "a") as log:
        process = subprocess.Popen(
            ["ip", "netns", "exec", lab.namespace(lab.INET), EMULATOR, *queues],
            stdout=subprocess.PIPE, stderr=log, start_new_session=True)
    if process.stdout.readline().strip() != b"ready":
        lab.fail(f"nfem did not start, see {lab.RUN}/nfem.log")
    with open(PID_FILE, "w") as file:
        file.write(str(process.pid))


def compile_emulator():
    source = os.path.join(HERE, "..", "nfem.c")
    if not os.path.exists(EMULATOR) or os.path.getmtime(EMULATOR) < os.path.getmtime(source):
        lab.run("cc", "-O2", "-o", f"{EMULATOR}.{os.getpid()}", source)
        os.rename(f"{EMULATOR}.{os.getpid()}", EMULATOR)  # labs side by side may both compile

