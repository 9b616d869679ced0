/// What a run consists of: selects rows, and streams the dialogues they become.
@NullMarked
package io.turnstream.loader.planning;

import org.jspecify.annotations.NullMarked;
