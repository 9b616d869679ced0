package io.turnstream.benchmark.pack;

/// Who speaks in a prompt message. The wire names of chat APIs are the constants in lower case.
public enum Role {
    SYSTEM, USER, ASSISTANT
}
