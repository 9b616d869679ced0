/// OpenAI's chat API and the many servers that copy it, through LangChain4j.
@NullMarked
package io.turnstream.providers.openai;

import org.jspecify.annotations.NullMarked;
