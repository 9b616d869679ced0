/// What people and programs ask of the platform: submit runs, watch, read, pause, resume and cancel them. [Platform] is
/// the one interface to it, in this process or over HTTP.
@NullMarked
package io.turnstream.console;

import org.jspecify.annotations.NullMarked;
