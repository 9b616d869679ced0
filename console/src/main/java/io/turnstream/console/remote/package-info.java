/// A platform in another process, over its REST API.
@NullMarked
package io.turnstream.console.remote;

import org.jspecify.annotations.NullMarked;
