import { RouteBook } from '@rookery/server/relay/route';
import { BundleBook, bundleSlotBytes } from '@rookery/server/relay/bundleBook';
import { PacketCheck } from '@rookery/server/relay/packetCheck';
import { SessionPaths } from '@rookery/server/relay/sessionPaths';
import { LinuxBatchSocket } from '@rookery/transport/linuxBatchSocket';
import { loadLinuxSocketCalls } from '@rookery/transport/linuxSocketCalls';
import { linux } from '@rookery/transport/linuxSocketLayout';
import { hopTagBytes, tokenSlot } from '@rookery/schemas/voicePacket';
import { packedAddressWords } from '@rookery/transport/packedAddress';
import { nextPacket, openRelayWorkbench } from './relayWorkbench.js';

/** One step of a packet's way, to be called again and again. */
export interface PathStep {
  readonly name: string;
  readonly run: () => void;
}

/** As many frames of the usual bitrate as fit into a bundle. */
const framesPerBundle = 7;

/** Time between frames, so that no speaker is over its budget. */
const frameMs = 20;

/**
 * @param receiverGrid receivers in one room, for the steps that depend on it
 * @throws TransportError `unsupportedPlatform` where there are no batch sockets
 */
export function relayPathSteps(receiverGrid: readonly number[]): PathStep[] {
  return [
    ...checkSteps(),
    ...receiverGrid.map((receivers) => relayStep(receivers)),
    ...receiverGrid.flatMap((receivers) => routeSteps(receivers)),
    bundleStep(),
  ];
}

/** A check needs a fresh packet, so making one is measured beside it. */
function checkSteps(): PathStep[] {
  const { tables, limits, nowMs, speakers } = openRelayWorkbench(1, 2);
  const { sessions, rooms, paths: allPaths } = tables;
  const paths = new SessionPaths(tables, limits.tableReadRetriesMax);
  const check = new PacketCheck({ sessions, rooms, paths, own: allPaths[0]!, limits, nowMs });
  const speaker = speakers[0]!;
  return [
    { name: 'make a packet (a client)', run: () => void nextPacket(speaker) },
    {
      name: 'make and check it',
      run: () => {
        nowMs[0]! += frameMs;
        const length = nextPacket(speaker);
        const verdict = check.check(speaker.packet, length, speaker.address);
        if (verdict !== 'voice') throw new Error(`the packet was judged ${verdict}`);
      },
    },
  ];
}

function relayStep(receivers: number): PathStep {
  const { relay, nowMs, speakers } = openRelayWorkbench(1, receivers + 1);
  const speaker = speakers[0]!;
  return {
    name: `make and relay it, ${receivers} receivers`,
    run: () => {
      nowMs[0]! += frameMs;
      relay.receive(speaker.packet, nextPacket(speaker), speaker.address);
      relay.flushDue();
    },
  };
}

function routeSteps(receivers: number): PathStep[] {
  const { tables, limits, speakers } = openRelayWorkbench(1, receivers);
  const paths = new SessionPaths(tables, limits.tableReadRetriesMax);
  // No datagram is sent, so the socket needs no descriptor.
  const socket = new LinuxBatchSocket(loadLinuxSocketCalls(), {
    fd: -1,
    family: linux.AF_INET,
    wakeFd: -1,
    waitMsMax: 1,
    batchMax: 1,
    packetBytesMax: 1,
    outgoingBytes: 1,
  });
  const routes = new RouteBook(tables, paths, socket);
  const fanOut = socket.openFanOut();
  const address = new Int32Array(packedAddressWords).fill(7);
  const { token } = speakers[0]!;
  let counter = 1_000;
  return [
    { name: `route that has not moved, ${receivers} receivers`, run: () => void routes.routeTo(0) },
    {
      name: `route after an address has moved, ${receivers} receivers`,
      run: () => {
        address[0] = ++counter;
        paths.find(tokenSlot(token), token);
        paths.bind(tokenSlot(token), address, counter);
        routes.routeTo(0);
      },
    },
    {
      name: `send array alone, ${receivers} receivers`,
      run: () => {
        fanOut.resize(receivers);
        for (let index = 0; index < receivers; index++) fanOut.setAddress(index, address, 0);
      },
    },
  ];
}

function bundleStep(): PathStep {
  const { limits, nowMs, speakers } = openRelayWorkbench(1, 2);
  const { packet, token } = speakers[0]!;
  const frameBytes = packet.length - hopTagBytes;
  const outgoing = new Uint8Array(limits.bundlesMax * bundleSlotBytes);
  const book = new BundleBook(outgoing, 0, limits, nowMs);
  return {
    name: `bundle of ${framesPerBundle} frames`,
    run: () => {
      const bundle = book.open(0, 0);
      for (let i = 0; i < framesPerBundle; i++) book.add(bundle, packet, frameBytes, token);
      book.release(bundle);
    },
  };
}
