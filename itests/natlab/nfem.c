/*
 * nfem: a network emulator in user space, for kernels without netem. Packets wait in netfilter queues; nfem only sees their size and says
 * later whether each goes on or is dropped. Needs no library.
 *
 *   nfem QUEUE:key=value,... ...
 *
 * Keys: delay, jitter (ms); rate (Mbit/s); queue (packets that may wait for the rate); loss (percent); burst (packets); seed.
 * Loss with burst=B comes in runs of B packets on average (Gilbert-Elliott), `loss` percent over all. The same seed and the same order of
 * packets give the same losses. Prints "ready" when it holds all its queues.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LINKS_MAX = 64, MTU = 1500 };

typedef struct {
  int queue_number, socket;
  double delay_ms, jitter_ms, rate_mbit, loss_percent, burst;
  int queue_limit, in_burst;
  int64_t free_at; /* when the last packet has left at the given rate */
  uint64_t random;
} Link;

typedef struct {
  int64_t when;
  uint64_t order;
  uint32_t id;
  int link;
} Packet;

static Link links[LINKS_MAX];
static int link_count;

/* A heap of packets, the one that is due first at the root. */
static Packet *heap;
static size_t heap_size, heap_capacity;
static uint64_t packets_seen;

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static double random_unit(Link *l) {
  l->random ^= l->random << 13;
  l->random ^= l->random >> 7;
  l->random ^= l->random << 17;
  return (l->random >> 11) * (1.0 / 9007199254740992.0);
}

static int is_before(Packet a, Packet b) {
  return a.when < b.when || (a.when == b.when && a.order < b.order);
}

static void heap_push(Packet p) {
  if (heap_size == heap_capacity) {
    heap_capacity = heap_capacity ? 2 * heap_capacity : 1024;
    heap = realloc(heap, heap_capacity * sizeof *heap);
    if (!heap) {
      perror("nfem: realloc");
      exit(1);
    }
  }
  size_t i = heap_size++;
  while (i && is_before(p, heap[(i - 1) / 2])) {
    heap[i] = heap[(i - 1) / 2];
    i = (i - 1) / 2;
  }
  heap[i] = p;
}

static Packet heap_pop(void) {
  Packet top = heap[0], p = heap[--heap_size];
  size_t i = 0, child;
  while ((child = 2 * i + 1) < heap_size) {
    if (child + 1 < heap_size && is_before(heap[child + 1], heap[child])) child++;
    if (!is_before(heap[child], p)) break;
    heap[i] = heap[child];
    i = child;
  }
  heap[i] = p;
  return top;
}

/* One nfnetlink message with one attribute. */
static void nf_send(int socket, int type, int queue, int attribute, const void *value, int length, int flags) {
  struct {
    struct nlmsghdr header;
    struct nfgenmsg generic;
    struct nlattr attribute;
    char value[64];
  } m = {0};
  m.header.nlmsg_type = (NFNL_SUBSYS_QUEUE << 8) | type;
  m.header.nlmsg_flags = NLM_F_REQUEST | flags;
  m.generic.nfgen_family = AF_UNSPEC;
  m.generic.version = NFNETLINK_V0;
  m.generic.res_id = htons(queue);
  m.attribute.nla_type = attribute;
  m.attribute.nla_len = NLA_HDRLEN + length;
  memcpy(m.value, value, length);
  m.header.nlmsg_len = NLMSG_LENGTH(sizeof m.generic) + NLA_ALIGN(m.attribute.nla_len);
  if (send(socket, &m, m.header.nlmsg_len, 0) < 0) {
    perror("nfem: send");
    if (type == NFQNL_MSG_CONFIG) exit(1);
  }
}

static void configure(int socket, int queue, int attribute, const void *value, int length) {
  nf_send(socket, NFQNL_MSG_CONFIG, queue, attribute, value, length, NLM_F_ACK);
  char buffer[4096];
  ssize_t received = recv(socket, buffer, sizeof buffer, 0);
  struct nlmsghdr *header = (void *)buffer;
  if (received > 0 && header->nlmsg_type == NLMSG_ERROR) {
    int error = ((struct nlmsgerr *)NLMSG_DATA(header))->error;
    if (error) {
      fprintf(stderr, "nfem: queue %d attribute %d: %s\n", queue, attribute, strerror(-error));
      exit(1);
    }
  }
}

static void decide(Link *l, uint32_t id, uint32_t verdict) {
  struct nfqnl_msg_verdict_hdr v = {htonl(verdict), htonl(id)};
  nf_send(l->socket, NFQNL_MSG_VERDICT, l->queue_number, NFQA_VERDICT_HDR, &v, sizeof v, 0);
}

static int is_lost(Link *l) {
  if (l->loss_percent <= 0) return 0;
  double p = l->loss_percent / 100;
  if (l->burst <= 1) return random_unit(l) < p;
  if (l->in_burst)
    l->in_burst = random_unit(l) >= 1 / l->burst;
  else
    l->in_burst = random_unit(l) < p / (l->burst * (1 - p));
  return l->in_burst;
}

static int is_queue_full(Link *l, int64_t t) {
  if (l->rate_mbit <= 0 || l->free_at <= t) return 0;
  double waiting_bytes = (l->free_at - t) * l->rate_mbit / 8e3;
  return waiting_bytes > (double)l->queue_limit * MTU;
}

static void packet_arrived(int index, uint32_t id, uint32_t length) {
  Link *l = &links[index];
  int64_t t = now();
  if (is_lost(l) || is_queue_full(l, t)) {
    decide(l, id, NF_DROP);
    return;
  }
  int64_t out = t;
  if (l->rate_mbit > 0) {
    if (l->free_at < t) l->free_at = t;
    l->free_at += (int64_t)(length * 8e3 / l->rate_mbit);
    out = l->free_at;
  }
  double jitter = l->jitter_ms > 0 ? l->jitter_ms * (2 * random_unit(l) - 1) : 0;
  out += (int64_t)(1e6 * (l->delay_ms + jitter));
  if (out <= t)
    decide(l, id, NF_ACCEPT);
  else
    heap_push((Packet){out, packets_seen++, id, index});
}

static void read_packet(int index, struct nlmsghdr *header) {
  if ((header->nlmsg_type & 0xff) != NFQNL_MSG_PACKET || (header->nlmsg_type >> 8) != NFNL_SUBSYS_QUEUE) return;
  uint32_t id = 0, length = 0;
  struct nlattr *a = (void *)((char *)NLMSG_DATA(header) + NLMSG_ALIGN(sizeof(struct nfgenmsg)));
  int left = header->nlmsg_len - NLMSG_LENGTH(sizeof(struct nfgenmsg));
  while (left >= NLA_HDRLEN && a->nla_len >= NLA_HDRLEN) {
    char *value = (char *)a + NLA_HDRLEN;
    switch (a->nla_type & NLA_TYPE_MASK) {
      case NFQA_PACKET_HDR: id = ntohl(((struct nfqnl_msg_packet_hdr *)value)->packet_id); break;
      case NFQA_CAP_LEN: length = ntohl(*(uint32_t *)value); break;
      case NFQA_PAYLOAD: /* the start of the IPv4 header; its second word begins with the total length */
        if (!length) length = ntohs(((uint16_t *)value)[1]);
        break;
    }
    left -= NLA_ALIGN(a->nla_len);
    a = (void *)((char *)a + NLA_ALIGN(a->nla_len));
  }
  packet_arrived(index, id, length);
}

static void receive(int index) {
  static char buffer[1 << 17];
  ssize_t received;
  while ((received = recv(links[index].socket, buffer, sizeof buffer, MSG_DONTWAIT)) > 0)
    for (struct nlmsghdr *header = (void *)buffer; NLMSG_OK(header, (size_t)received); header = NLMSG_NEXT(header, received))
      read_packet(index, header);
}

static int set_option(Link *l, const char *key, double value) {
  if (!strcmp(key, "delay")) l->delay_ms = value;
  else if (!strcmp(key, "jitter")) l->jitter_ms = value;
  else if (!strcmp(key, "rate")) l->rate_mbit = value;
  else if (!strcmp(key, "queue")) l->queue_limit = value;
  else if (!strcmp(key, "loss")) l->loss_percent = value;
  else if (!strcmp(key, "burst")) l->burst = value;
  else if (!strcmp(key, "seed")) l->random ^= (uint64_t)value * 0xD1B54A32D192ED03ull;
  else return 0;
  return 1;
}

static void parse_link(Link *l, char *argument) {
  char *options = strchr(argument, ':');
  l->queue_number = atoi(argument);
  l->queue_limit = 1000;
  l->random = 0x9E3779B97F4A7C15ull * (l->queue_number + 1);
  for (char *option = options ? strtok(options + 1, ",") : 0; option; option = strtok(0, ",")) {
    char *equals = strchr(option, '=');
    if (equals) *equals = 0;
    if (!equals || !set_option(l, option, atof(equals + 1))) {
      fprintf(stderr, "nfem: there is no option %s\n", option);
      exit(2);
    }
  }
}

static void bind_queue(Link *l) {
  l->socket = socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
  struct sockaddr_nl address = {.nl_family = AF_NETLINK};
  if (l->socket < 0 || bind(l->socket, (void *)&address, sizeof address) < 0) {
    perror("nfem: netlink");
    exit(1);
  }
  int buffer = 32 << 20, on = 1;
  setsockopt(l->socket, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer);
  setsockopt(l->socket, SOL_NETLINK, NETLINK_NO_ENOBUFS, &on, sizeof on);
  struct nfqnl_msg_config_cmd bind_command = {NFQNL_CFG_CMD_BIND, 0, htons(AF_INET)};
  configure(l->socket, l->queue_number, NFQA_CFG_CMD, &bind_command, sizeof bind_command);
  struct nfqnl_msg_config_params copy_header = {htonl(20), NFQNL_COPY_PACKET};
  configure(l->socket, l->queue_number, NFQA_CFG_PARAMS, &copy_header, sizeof copy_header);
  uint32_t kernel_queue = htonl(100000);
  configure(l->socket, l->queue_number, NFQA_CFG_QUEUE_MAXLEN, &kernel_queue, sizeof kernel_queue);
}

static void release_due(void) {
  int64_t t = now();
  while (heap_size && heap[0].when <= t) {
    Packet p = heap_pop();
    decide(&links[p.link], p.id, NF_ACCEPT);
  }
}

int main(int argc, char **argv) {
  struct pollfd polled[LINKS_MAX];
  struct sched_param priority = {10};
  prctl(PR_SET_TIMERSLACK, 1);
  sched_setscheduler(0, SCHED_FIFO, &priority);
  if (argc - 1 > LINKS_MAX) {
    fprintf(stderr, "nfem: at most %d queues\n", LINKS_MAX);
    return 2;
  }
  for (; link_count < argc - 1; link_count++) {
    Link *l = &links[link_count];
    parse_link(l, argv[link_count + 1]);
    bind_queue(l);
    polled[link_count] = (struct pollfd){l->socket, POLLIN, 0};
  }
  puts("ready");
  fflush(stdout);
  for (;;) {
    release_due();
    int64_t wait = heap_size ? heap[0].when - now() : 1000000000;
    if (wait < 0) wait = 0;
    struct timespec timeout = {wait / 1000000000, wait % 1000000000};
    if (ppoll(polled, link_count, &timeout, 0) < 0 && errno != EINTR) {
      perror("nfem: ppoll");
      return 1;
    }
    for (int i = 0; i < link_count; i++)
      if (polled[i].revents) receive(i);
  }
}
