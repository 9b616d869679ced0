/// Protocol packs: the versioned folder that shapes every request and every score, read, checked, digested and rendered
/// into prompts.
@NullMarked
package io.turnstream.benchmark.pack;

import org.jspecify.annotations.NullMarked;
