package io.turnstream.cluster;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/// Asks a service whether it is ready, as an orchestrator would.
record HealthProbe(int port) {

    private static final int TIMEOUT_MILLIS = 1_000;

    boolean isReady() {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/q/health/ready").toURL().openConnection();
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
