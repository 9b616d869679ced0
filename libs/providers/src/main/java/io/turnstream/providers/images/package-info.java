/// The images that dialogues are about: a content-addressed folder that the loader fills and the workers read.
@NullMarked
package io.turnstream.providers.images;

import org.jspecify.annotations.NullMarked;
