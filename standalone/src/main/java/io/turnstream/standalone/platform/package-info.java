/// The whole platform in one process, on the parts embedded in a home; and the ways by which commands reach it or
/// another one.
@NullMarked
package io.turnstream.standalone.platform;

import org.jspecify.annotations.NullMarked;
