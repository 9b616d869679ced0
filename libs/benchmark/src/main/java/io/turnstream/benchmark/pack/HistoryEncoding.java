package io.turnstream.benchmark.pack;

/// How earlier rounds are given to the model in a dialogue turn.
public enum HistoryEncoding {
    /// As a chat: user and assistant messages in turn.
    CHAT,
    /// As a delimited transcript inside one user message, for servers without a chat template.
    TRANSCRIPT
}
