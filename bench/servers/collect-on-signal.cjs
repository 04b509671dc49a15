// Loaded into every server that is measured: memory is compared after a collection, or luck would decide.
process.on('SIGUSR2', () => globalThis.gc?.());
