package io.turnstream.embedded;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/// Asks a part on this machine whether it is ready, as an orchestrator would.
///
/// @param path with the slash it begins with
public record HttpProbe(int port, String path) {

    private static final int TIMEOUT_MILLIS = 1_000;

    /// Whether it answers with 200 within a second.
    public boolean isReady() {
        try {
            HttpURLConnection connection = (HttpURLConnection) URI.create("http://" + Loopback.HOST + ":" + port + path)
                    .toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }
}
