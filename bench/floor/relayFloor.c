/*
 * The floor: the same fan-out as the relay's, with nothing around the kernel. It trusts every
 * packet, checks no tag and knows no room but "slot / room size", so what it costs is what
 * recvmmsg and sendmmsg cost.
 *
 *   relayFloor PORT ROOM_SIZE SESSIONS
 *
 * A packet of kind ping (byte 11, low three bits, value 2) sets the address of its token's slot and
 * is answered by its first 24 bytes. A packet of kind voice goes, without its 8-byte hop tag, to all
 * other slots of the same room that have an address. Prints "ready PORT" once bound; ends on SIGTERM.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

enum {
  BATCH = 64,
  PACKET_MAX = 2048,
  SEND_BATCH = 1024,
  HOP_TAG = 8,
  HEADER = 16,
  BUFFER_BYTES = 4 << 20
};

static volatile sig_atomic_t stopped = 0;
static void on_stop(int signal_number) {
  (void)signal_number;
  stopped = 1;
}

static void send_all(int fd, struct mmsghdr *messages, unsigned count) {
  unsigned done = 0;
  while (done < count) {
    unsigned batch = count - done < SEND_BATCH ? count - done : SEND_BATCH;
    int sent = sendmmsg(fd, messages + done, batch, 0);
    if (sent > 0) {
      done += (unsigned)sent;
    } else if (errno != EINTR) {
      done++; /* This one is lost, and only this one. */
    } else if (stopped) {
      return;
    }
  }
}

/* Beyond the system's own bound where this process may, as the relay does. */
static void ask_for_buffer(int fd, int name_of_force, int name) {
  int bytes = BUFFER_BYTES;
  if (setsockopt(fd, SOL_SOCKET, name_of_force, &bytes, sizeof bytes) < 0)
    setsockopt(fd, SOL_SOCKET, name, &bytes, sizeof bytes);
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: relayFloor PORT ROOM_SIZE SESSIONS\n");
    return 2;
  }
  unsigned port = (unsigned)atoi(argv[1]);
  unsigned room_size = (unsigned)atoi(argv[2]);
  unsigned sessions = (unsigned)atoi(argv[3]);

  struct sigaction action = {.sa_handler = on_stop};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);

  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  ask_for_buffer(fd, SO_RCVBUFFORCE, SO_RCVBUF);
  ask_for_buffer(fd, SO_SNDBUFFORCE, SO_SNDBUF);
  /* A bounded wait, so that the signal is seen. */
  struct timeval wait = {.tv_usec = 100000};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  struct sockaddr_in local = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || bind(fd, (struct sockaddr *)&local, sizeof local) < 0) {
    perror("relayFloor: bind");
    return 1;
  }
  socklen_t local_bytes = sizeof local;
  getsockname(fd, (struct sockaddr *)&local, &local_bytes);
  printf("ready %u\n", ntohs(local.sin_port));
  fflush(stdout);

  struct sockaddr_in *address = calloc(sessions, sizeof *address);
  struct mmsghdr *fan = calloc(room_size, sizeof *fan);
  static uint8_t data[BATCH][PACKET_MAX];
  struct mmsghdr in[BATCH];
  struct iovec in_vectors[BATCH];
  struct sockaddr_in from[BATCH];
  struct iovec out_vector;

  while (!stopped) {
    for (int i = 0; i < BATCH; i++) {
      in_vectors[i] = (struct iovec){data[i], PACKET_MAX};
      memset(&in[i], 0, sizeof in[i]);
      in[i].msg_hdr.msg_name = &from[i];
      in[i].msg_hdr.msg_namelen = sizeof from[i];
      in[i].msg_hdr.msg_iov = &in_vectors[i];
      in[i].msg_hdr.msg_iovlen = 1;
    }
    int received = recvmmsg(fd, in, BATCH, MSG_WAITFORONE, NULL);
    if (received <= 0) continue;
    for (int i = 0; i < received; i++) {
      if (in[i].msg_len < HEADER + HOP_TAG) continue;
      uint32_t token;
      memcpy(&token, data[i], sizeof token);
      unsigned slot = token & 0xfffff;
      if (slot >= sessions) continue;
      unsigned kind = data[i][11] & 7;
      if (kind == 2) {
        address[slot] = from[i];
        sendto(fd, data[i], HEADER + HOP_TAG, 0, (struct sockaddr *)&from[i], sizeof from[i]);
        continue;
      }
      out_vector = (struct iovec){data[i], in[i].msg_len - HOP_TAG};
      unsigned first = slot - slot % room_size, count = 0;
      for (unsigned other = first; other < first + room_size && other < sessions; other++) {
        if (other == slot || address[other].sin_port == 0) continue;
        fan[count].msg_hdr.msg_name = &address[other];
        fan[count].msg_hdr.msg_namelen = sizeof address[other];
        fan[count].msg_hdr.msg_iov = &out_vector;
        fan[count].msg_hdr.msg_iovlen = 1;
        count++;
      }
      send_all(fd, fan, count);
    }
  }
  return 0;
}
