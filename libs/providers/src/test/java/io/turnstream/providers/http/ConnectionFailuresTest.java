package io.turnstream.providers.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnstream.providers.CallParameters;
import io.turnstream.providers.ChatTurn;
import io.turnstream.providers.FailureCause;
import io.turnstream.providers.ImageSource;
import io.turnstream.providers.ModelCall;
import io.turnstream.providers.ModelClients;
import io.turnstream.providers.ModelName;
import io.turnstream.providers.ModelReply.Failed;
import io.turnstream.providers.Providers;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the network did is told in our words, with the host and port, and never by the name of a Java class.
class ConnectionFailuresTest {

    private static final String CLASS_NAME = "\\w+(Exception|Error)\\b";

    /// What a server does with a connection.
    @FunctionalInterface
    private interface Server {
        void take(Socket connection) throws IOException;
    }

    @Test
    void nobody_listens() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Failed failed = call("http://127.0.0.1:" + port + "/v1");
        says(failed, FailureCause.CONNECTION, "nobody listens at 127.0.0.1:" + port + " (connection refused)");
        assertThat(failed.providerMessage()).as("a provider that is not there said nothing").isNull();
    }

    @Test
    void a_host_that_has_no_address() throws Exception {
        says(call("https://nobody.invalid/v1"), FailureCause.CONNECTION, "the name nobody.invalid has no address");
    }

    @Test
    void https_where_http_is_spoken() throws Exception {
        says(serving("https", connection -> {
            read(connection);
            connection.getOutputStream()
                    .write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }), FailureCause.CONNECTION, "does not speak TLS: should the base URL begin with http://?");
    }

    @Test
    void another_protocol() throws Exception {
        Failed failed = serving("http", connection -> {
            read(connection);
            connection.getOutputStream().write("SSH-2.0-OpenSSH\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        });
        says(failed, FailureCause.CONNECTION, "does not answer in HTTP");
        assertThat(failed.providerMessage()).as("what it said instead").contains("SSH-2.0");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_connection_that_ends_before_an_answer(boolean reset) throws Exception {
        says(serving("http", connection -> {
            read(connection);
            connection.setSoLinger(reset, 0);
        }), FailureCause.CONNECTION, "before an answer");
    }

    @Test
    void a_connection_that_ends_within_an_answer() throws Exception {
        says(serving("http", connection -> {
            read(connection);
            connection.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc".getBytes(StandardCharsets.US_ASCII));
        }), FailureCause.MALFORMED_BODY, "the answer was cut off");
    }

    /// What cannot be had on one machine without certificates and routes.
    @Test
    void what_the_network_library_reports_otherwise() {
        for (String[] expected : List.of(
                new String[] {"did not take the connection in time",
                        told(new HttpConnectTimeoutException("HTTP connect timed out"))},
                new String[] {"there is no way to",
                        told(caused(new ConnectException("Network is unreachable"),
                                new SocketException("Network is unreachable")))},
                new String[] {"there is no way to",
                        told(caused(new ConnectException(), new NoRouteToHostException("No route to host")))},
                new String[] {"before an answer (connection reset)",
                        told(caused(new IOException("parser received no bytes"),
                                new SocketException("Connection reset")))},
                new String[] {"before an answer (connection reset)",
                        told(caused(new IOException("parser received no bytes"),
                                new IOException("Connection reset by peer")))},
                new String[] {"closed the connection before an answer",
                        told(caused(new IOException("parser received no bytes"), new EOFException("EOF reached")))},
                new String[] {"nobody listens at", told(new ConnectException("Connection refused"))},
                new String[] {"no connection to", told(new ConnectException("something else"))},
                new String[] {"the certificate of api.example.org:443 is not trusted",
                        told(caused(new SSLHandshakeException("PKIX path building failed"),
                                new java.security.cert.CertPathBuilderException(
                                        "unable to find valid certification path to requested target")))},
                new String[] {"the certificate of api.example.org:443 has expired",
                        told(caused(new SSLHandshakeException("x"), new CertificateExpiredException("NotAfter")))},
                new String[] {"the certificate of api.example.org:443 is for another name",
                        told(caused(new SSLHandshakeException("x"),
                                new CertificateException(
                                        "No subject alternative DNS name matching api.example.org found.")))},
                new String[] {"no TLS connection to api.example.org:443",
                        told(new SSLHandshakeException("(handshake_failure) Received fatal alert"))},
                new String[] {"no TLS connection to api.example.org:443", told(new SSLException("Tag mismatch"))},
                new String[] {"has no file handles left", told(new SocketException("Too many open files"))})) {
            assertThat(expected[1]).contains(expected[0]).doesNotContainPattern(CLASS_NAME);
        }
    }

    private static String told(Throwable thrown) {
        RuntimeException told = ConnectionFailures.of(thrown, URI.create("https://user:secret@api.example.org/v1/chat"),
                null);
        assertThat(told).isInstanceOfSatisfying(ExchangeException.class,
                exchange -> assertThat(exchange.failureCause()).isEqualTo(FailureCause.CONNECTION));
        return String.valueOf(told.getMessage());
    }

    private static Throwable caused(Throwable thrown, Throwable cause) {
        return thrown.initCause(cause);
    }

    private static void says(Failed failed, FailureCause cause, String words) {
        assertThat(failed.cause()).isEqualTo(cause);
        assertThat(failed.message()).contains(words).doesNotContainPattern(CLASS_NAME);
        assertThat(String.valueOf(failed.providerMessage())).doesNotContainPattern(CLASS_NAME);
    }

    private static void read(Socket connection) throws IOException {
        assertThat(connection.getInputStream().read(new byte[8192])).isPositive();
    }

    private static Failed serving(String scheme, Server server) throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                while (!socket.isClosed()) {
                    try (Socket connection = socket.accept()) {
                        server.take(connection);
                    } catch (IOException e) {
                        // the test is over
                    }
                }
            });
            return call(scheme + "://127.0.0.1:" + socket.getLocalPort() + "/v1");
        }
    }

    private static Failed call(String url) throws InterruptedException {
        try (ModelClients clients = ModelClients.open(
                Providers.fromEnvironment(Map.of("OPENAI_BASE_URL", url, "OPENAI_API_KEY", "none-at-all")),
                ImageSource.none())) {
            return (Failed) clients.call(new ModelCall(new ModelName("openai", "m"), List.of(ChatTurn.user("Hello?")),
                    null, new CallParameters(0.0, 16, null),
                    Duration.ofSeconds(10), "request"));
        }
    }
}
