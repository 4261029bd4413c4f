"""The lab itself: namespaces, cables, and the state that the commands share."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib

LAB = os.environ.get("NATLAB", "nl")
RUN = f"/run/natlab/{LAB}"
STATE = f"{RUN}/state.json"
HOLDER = f"{RUN}/holder.pid"
INET = "inet"
GATEWAY = "169.254.0.1"


def fail(message):
    sys.exit(f"natlab: {message}")


def run(*command, stdin=None, check=True):
    result = subprocess.run(command, input=stdin, text=True, capture_output=True)
    if check and result.returncode:
        fail(f"{' '.join(command)}\n{stdin or ''}\n{result.stderr}")
    return result.stdout


def namespace(node):
    return f"{LAB}-{node}"


def inside(node, *command, stdin=None, check=True):
    return run("ip", "netns", "exec", namespace(node), *command, stdin=stdin, check=check)


def ip(node, *lines):
    """Many commands of `ip` at once; outside any namespace if there is no node."""
    where = ["-n", namespace(node)] if node else []
    run("ip", *where, "-batch", "-", stdin="\n".join(lines) + "\n")


def nft(node, rules):
    inside(node, "nft", "-f", "-", stdin=rules)


def sysctl(node, settings):
    inside(node, "sysctl", "-qw", *[f"{key}={value}" for key, value in settings.items()])


def load():
    if not os.path.exists(STATE):
        fail(f"lab {LAB} is not up")
    with open(STATE) as file:
        return json.load(file)


def save(nodes):
    os.makedirs(RUN, exist_ok=True)
    with open(STATE, "w") as file:
        json.dump(nodes, file, indent=1)


def find(nodes, name):
    return nodes.get(name) or fail(f"there is no node {name}")


def is_router(node):
    return node["kind"] == "router"


def parse(path):
    with open(path, "rb") as file:
        document = tomllib.load(file)
    nodes = {}
    for kind in ("router", "host"):
        for name, node in document.get(kind, {}).items():
            addresses = [node["ip"]] if isinstance(node["ip"], str) else node["ip"]
            defaults = {"kind": kind, "via": INET, "nat": "port-restricted", "hairpin": False}
            nodes[name] = {**defaults, **node, "ip": addresses}
    return nodes


def depth(nodes, name):
    via = nodes[name]["via"]
    return 0 if via == INET else 1 + depth(nodes, via)


def plug(nodes, name):
    """Connects a node: `to-NAME` in the upstream namespace, `wan` (of a router) or `eth0` (of a host) in its own."""
    node = nodes[name]
    device = "wan" if is_router(node) else "eth0"
    far_end = f"to-{name}"
    if node["via"] == INET:
        ip(INET,
           f"link add {far_end} type veth peer name {device} netns {namespace(name)}",
           f"link set {far_end} up",
           f"addr add {GATEWAY}/32 dev {far_end}")
        ip(name,
           f"link set {device} up",
           *[f"addr add {address}/32 dev {device}" for address in node["ip"]],
           f"route add {GATEWAY} dev {device}",
           f"route add default via {GATEWAY} dev {device}")
        ip(INET, *[f"route replace {address}/32 dev {far_end}" for address in node["ip"]])
    else:
        gateway, bits = nodes[node["via"]]["lan"].split("/")
        ip(node["via"],
           f"link add {far_end} type veth peer name {device} netns {namespace(name)}",
           f"link set {far_end} up master lan")
        ip(name,
           f"link set {device} up",
           *[f"addr add {address}/{bits} dev {device}" for address in node["ip"]],
           f"route add default via {gateway} dev {device}")


def congestion_control():
    """Ordinary TCP: some kernels default to bbr, against which no loss looks bad. A namespace may choose only what is allowed."""
    with open("/proc/sys/net/ipv4/tcp_allowed_congestion_control") as file:
        return "cubic" if "cubic" in file.read().split() else "reno"


def up(path):
    from natlab_lib import nat

    if os.path.exists(STATE):
        fail(f"lab {LAB} is up already; take it down first")
    nodes = parse(path)
    save(nodes)
    names = [INET, *nodes]
    ip(None, *[f"netns add {namespace(name)}" for name in names])
    for name in names:
        ip(name, "link set lo up")
        sysctl(name, {
            "net.ipv4.ip_forward": int(name == INET or is_router(nodes[name])),
            "net.ipv4.conf.all.send_redirects": 0,
            "net.ipv4.conf.default.send_redirects": 0,
            "net.ipv6.conf.all.disable_ipv6": 1,
            "net.ipv4.tcp_congestion_control": congestion_control(),
        })
    routers = [name for name in nodes if is_router(nodes[name])]
    for name in routers:
        ip(name, "link add lan type bridge", f"addr add {nodes[name]['lan']} dev lan", "link set lan up")
    for name in sorted(nodes, key=lambda name: depth(nodes, name)):
        plug(nodes, name)
    for name in routers:
        nft(name, nat.rules(nodes[name]))


def down():
    mine = [line.split()[0] for line in run("ip", "netns", "list").splitlines() if line.startswith(LAB + "-")]
    for kind in (signal.SIGTERM, signal.SIGKILL):
        processes = [int(pid) for name in mine for pid in run("ip", "netns", "pids", name).split()]
        if not processes:
            break
        for pid in processes:  # only what runs inside this lab
            try:
                os.kill(pid, kind)
            except ProcessLookupError:
                pass
        time.sleep(0.2)
    if mine:
        ip(None, *[f"netns del {name}" for name in mine])
    shutil.rmtree(RUN, ignore_errors=True)


def hold(topology):
    """A lab for as long as somebody holds our standard input open, however they end; those whose holder was killed go too."""
    for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(kind, signal.SIG_IGN)
    sweep()
    try:
        up(topology)
        with open(HOLDER, "w") as file:
            file.write(str(os.getpid()))
        print("up", flush=True)
        while sys.stdin.buffer.read(4096):
            pass
    finally:
        down()


def sweep():
    for other in os.listdir("/run/natlab") if os.path.isdir("/run/natlab") else []:
        holder = f"/run/natlab/{other}/holder.pid"
        if os.path.exists(holder):
            with open(holder) as file:
                if not os.path.exists(f"/proc/{file.read()}"):
                    subprocess.run([os.path.realpath(sys.argv[0]), "down"], env={**os.environ, "NATLAB": other}, check=False)


def show():
    for name, node in load().items():
        faults = {key: node[key] for key in ("loss", "link", "udp", "life", "ports") if key in node}
        print(name, node["kind"], "via", node["via"], *node["ip"], node["nat"] if is_router(node) else "", faults or "")
