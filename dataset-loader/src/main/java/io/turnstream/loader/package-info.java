/// The loader as a service: takes requests for runs, plans them, and streams the dialogues.
@NullMarked
package io.turnstream.loader;

import org.jspecify.annotations.NullMarked;
