package io.turnstream.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.URI;
import org.junit.jupiter.api.Test;

class TestDocumentStoreIT {

    @Test
    void listens_on_loopback_and_gives_each_test_a_database_of_its_own() throws Exception {
        URI address = URI.create(TestDocumentStore.connectionString());

        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            assertThat(socket.getInetAddress().isLoopbackAddress()).isTrue();
        }
        assertThat(TestDocumentStore.newDatabase("runs")).isNotEqualTo(TestDocumentStore.newDatabase("runs"));
    }
}
