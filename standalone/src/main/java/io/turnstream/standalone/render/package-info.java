/// What the commands print for people: tables, progress, durations. Pure: values in, lines of text out.
@NullMarked
package io.turnstream.standalone.render;

import org.jspecify.annotations.NullMarked;
