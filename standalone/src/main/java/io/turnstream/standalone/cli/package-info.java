/// The command line: what can be asked, how it is read, and what the commands do with it.
@NullMarked
package io.turnstream.standalone.cli;

import org.jspecify.annotations.NullMarked;
