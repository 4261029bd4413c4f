"""What a router does to addresses (RFC 4787: EIM, APDM mapping; EIF, ADF, APDF filtering), as nftables rules.

  full             EIM, EIF            restricted   EIM, ADF
  port-restricted  EIM, APDF           remap        EIM, APDF, the port is not kept
  symmetric        APDM, APDF, random  sequential   APDM, APDF, the next port each time: predictable
  linux            a bare masquerade whose WAN input is open

Traps: `iifname` never matches in a postrouting chain; `masquerade to :ports` needs `meta l4proto` in the same rule; live flows keep their
mapping until conntrack is flushed, and with ports kept they get the same one again, so rebinding needs another range.
"""

from natlab_lib import lab

PORTS = "20000-29999"
DEFAULT_LIFE_SECONDS = 120


def rules(router):
    kind = router["nat"]
    wan = router["ip"][0]
    life = router.get("life", DEFAULT_LIFE_SECONDS)
    closed = kind != "linux"
    return f"""table ip nat {{}}
delete table ip nat
table ip nat {{
  map eim    {{ typeof udp dport : ip saddr . udp sport; flags dynamic,timeout; timeout {life}s; size 65535; }}
  set talked {{ typeof udp dport . ip saddr; flags dynamic,timeout; timeout {life}s; size 65535; }}
  chain pre {{ type nat hook prerouting priority dstnat; policy accept;
    {inbound(kind)}
    {f'iifname "lan" ip daddr {wan} dnat ip to udp dport map @eim' if router["hairpin"] else ""}
  }}
  chain post {{ type nat hook postrouting priority srcnat; policy accept;
    {f'ip saddr {router["lan"]} oifname "lan" ct status dnat snat to {wan}' if router["hairpin"] else ""}
    oifname "wan" {outbound(router)};
  }}
  chain learn {{ type filter hook postrouting priority 150; policy accept;
    oifname "wan" meta l4proto udp ct direction original update @eim {{ ct reply proto-dst : ct original ip saddr . ct original proto-src }}
    oifname "wan" meta l4proto udp ct direction original update @talked {{ ct reply proto-dst . ip daddr }}
  }}
  chain input {{ type filter hook input priority 0; policy accept;
    {'iifname "wan" ct state new drop' if closed else ""}
  }}
  chain forward {{ type filter hook forward priority 0; policy accept;
    {'iifname "lan" meta l4proto udp counter drop' if router.get("udp") == "off" else ""}
    {'iifname "wan" ct state new ct status & dnat == 0 drop' if closed else ""}
  }}
}}
"""


def inbound(kind):
    if kind == "full":
        return 'iifname "wan" dnat ip to udp dport map @eim'
    if kind == "restricted":
        return 'iifname "wan" udp dport . ip saddr @talked dnat ip to udp dport map @eim'
    return ""


def outbound(router):
    kind = router["nat"]
    if kind == "symmetric":
        return "masquerade fully-random"
    if kind == "sequential":
        ports = ", ".join(f"{i} : {40000 + i}" for i in range(1000))
        wan = router["ip"][0]
        return f'meta l4proto udp snat to {wan} : numgen inc mod 1000 map {{ {ports} }}\n    oifname "wan" masquerade'
    if kind == "remap" or "ports" in router:
        return f"meta l4proto {{ tcp, udp }} masquerade to :{router.get('ports', PORTS)}"
    return "masquerade"


def apply(nodes, name, tcp=False):
    """New rules, for flows that are there too: those of UDP begin anew, and those of TCP if the router is to forget all."""
    lab.nft(name, rules(nodes[name]))
    lab.save(nodes)
    lab.inside(name, "conntrack", *(["-F"] if tcp else ["-D", "-p", "udp"]), check=False)


def show_mappings(name):
    """One line per UDP flow: who inside, to whom, what it is outside, and whether something came back."""
    for line in lab.inside(name, "conntrack", "-L", "-p", "udp", check=False).splitlines():
        pairs = [word.split("=", 1) for word in line.split() if "=" in word]
        value = {}
        for key, word in pairs:  # the second of each key is that of the answers
            value[f"reply-{key}" if key in value else key] = word
        print(f"{value['src']}:{value['sport']} {value['dst']}:{value['dport']} {value['reply-dst']}:{value['reply-dport']}",
              "false" if "[UNREPLIED]" in line else "true")
