/// What model workers and judge workers have in common: taking requests, asking whether to call, calling, and writing
/// what came of it.
@NullMarked
package io.turnstream.providers.work;

import org.jspecify.annotations.NullMarked;
