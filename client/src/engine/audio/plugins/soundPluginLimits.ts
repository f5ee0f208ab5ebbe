/** Bounds of plugins that change sound. */
export const soundPluginLimits = {
  /** Of each use at once: each one is a thread, and a way there and back for every frame. */
  pluginsMax: 4,
  /**
   * So long sound waits for a plugin at most. A frame of the own voice: well below its 20 ms, so
   * that what comes after it is still in time. A step of 10 ms of what is heard: less than a
   * device's buffer. A thread that has to be woken on a busy machine takes some of that.
   */
  deadlineMs: { capture: 8, perSpeaker: 4 },
  /** Speakers whose sound a plugin gets in one step; others are heard as they are. */
  slotsMax: 16,
  /**
   * A fault is made good by so many frames in time; a plugin is switched off once `faultsMax` stand
   * against it. So half a second of nothing but faults ends it, or, for long, one frame in twenty.
   */
  faultWeight: 20,
  faultsMax: 25,
  /** Loading, compiling and running what a module does at its start. */
  startMsMax: 3_000,
  /** Between two looks at how plugins do. */
  lookEveryMs: 250,
  /** A plugin that is at work on one frame for so many looks does not come back. */
  stuckLooksMax: 4,
  /** Of the plugin's thread; the plugin's own memory is beside it, and bounded by itself. */
  threadHeapMiB: 16,
} as const;
