/// What crosses services: every part of a deployment as a process of its own, also under fault.
@NullMarked
package io.turnstream.integration;

import org.jspecify.annotations.NullMarked;
