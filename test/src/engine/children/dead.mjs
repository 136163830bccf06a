/** A mixer that cannot start. */
console.error('libav is missing');
process.exit(1);
