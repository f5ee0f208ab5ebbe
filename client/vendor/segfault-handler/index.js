// naudiodon registers a crash handler when it is loaded. The real one compiles C++ and refuses to be
// loaded in a second thread of a process; nothing of ours needs it, so npm installs this in its
// place (package.json, "overrides").
exports.registerHandler = () => undefined;
