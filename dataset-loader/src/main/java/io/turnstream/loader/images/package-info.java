/// Prepares images once: decodes them within limits, scales them down, encodes them and puts them into the image store.
@NullMarked
package io.turnstream.loader.images;

import org.jspecify.annotations.NullMarked;
