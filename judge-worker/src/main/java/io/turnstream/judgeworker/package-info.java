/// Takes one transcript, asks the judge, reads its verdict strictly, answers.
@NullMarked
package io.turnstream.judgeworker;

import org.jspecify.annotations.NullMarked;
