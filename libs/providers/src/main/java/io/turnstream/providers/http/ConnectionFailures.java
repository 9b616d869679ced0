package io.turnstream.providers.http;

import io.turnstream.providers.FailureCause;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// What the network did, in words that say where and what to look at. The JDK's client tells most of it by the class of
/// an exception and its causes, often without a message: a port on which nobody listens is a `ClosedChannelException`.
final class ConnectionFailures {

    private static final String CHECK = ": is the server running, and the base URL right?";
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private ConnectionFailures() {}

    /// @param thrown what the client ended a request with
    /// @param target where the request went
    /// @param status that of the response, where one had begun
    static RuntimeException of(@Nullable Throwable thrown, URI target, @Nullable Integer status) {
        if (thrown instanceof BoundedBody.TooLarge tooLarge) {
            return new ExchangeException.TooLarge(tooLarge.limitBytes);
        }
        if (!(thrown instanceof IOException) && find(thrown, UnresolvedAddressException.class) == null) {
            return new IllegalStateException("sending a request failed", thrown);
        }
        if (status != null) {
            return new ExchangeException(FailureCause.MALFORMED_BODY,
                    "the answer was cut off" + (isReset(thrown) ? " (connection reset)" : ""));
        }
        // what is no HTTP is quoted by the library: it is the server's word
        String said = thrown instanceof ProtocolException ? thrown.getMessage() : null;
        return new ExchangeException(FailureCause.CONNECTION, words(thrown, target), said);
    }

    private static String words(@Nullable Throwable thrown, URI target) {
        String place = place(target);
        if (find(thrown, UnresolvedAddressException.class) != null
                || find(thrown, UnknownHostException.class) != null) {
            return "the name " + target.getHost()
                    + " has no address: is the base URL right, and can this machine resolve names?";
        }
        if (says(thrown, "Too many open files")) {
            return "this machine has no file handles left: raise the limit (ulimit -n), or make fewer calls at once";
        }
        return switch (thrown) {
            case HttpTimeoutException _ -> place
                    + " did not take the connection in time: is the server running, the base URL right, and no firewall between?";
            case ConnectException _ -> unconnected(thrown, place);
            case SSLException _ -> withoutTls(thrown, place);
            case ProtocolException _ ->
                place + " does not answer in HTTP: is the port right, and should the base URL begin with "
                        + ("https".equalsIgnoreCase(target.getScheme()) ? "http://?" : "https://?");
            case null, default -> isReset(thrown)
                    ? place + " broke the connection off before an answer (connection reset): does this address speak HTTP(S)?"
                    : place + " closed the connection before an answer: does this address speak HTTP(S)?";
        };
    }

    private static String unconnected(Throwable thrown, String place) {
        if (find(thrown, ClosedChannelException.class) != null || says(thrown, "refused")) {
            return "nobody listens at " + place + " (connection refused)" + CHECK;
        }
        return find(thrown, NoRouteToHostException.class) != null || says(thrown, "unreachable")
                ? "there is no way to " + place
                        + " from this machine (unreachable): are the network and the base URL right?"
                : "no connection to " + place + CHECK;
    }

    private static String withoutTls(Throwable thrown, String place) {
        String certificate = "the certificate of " + place;
        if (find(thrown, CertificateExpiredException.class) != null) {
            return certificate + " has expired: its operator must renew it (or is this machine's clock wrong?)";
        }
        if (find(thrown, CertPathBuilderException.class) != null
                || find(thrown, CertPathValidatorException.class) != null) {
            return certificate
                    + " is not trusted: who issued it is unknown to this JDK. Add that authority to a trust store, and name it with "
                    + "-Djavax.net.ssl.trustStore in TURNSTREAM_JAVA_OPTS";
        }
        if (find(thrown, CertificateException.class) != null) {
            return certificate + " is for another name, or cannot be used: is the base URL right?";
        }
        return says(thrown, "plaintext connection") || says(thrown, "Unsupported or unrecognized SSL message")
                ? place + " does not speak TLS: should the base URL begin with http://?"
                : "no TLS connection to " + place
                        + " could be agreed on: does the server ask for a certificate, or a version of TLS that this JDK does not take?";
    }

    private static boolean isReset(@Nullable Throwable thrown) {
        return says(thrown, "Connection reset") || says(thrown, "Broken pipe");
    }

    /// The JDK's own words are never shown; some of them tell what its classes do not.
    private static boolean says(@Nullable Throwable thrown, String words) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t.getMessage() != null && t.getMessage().contains(words)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Throwable find(@Nullable Throwable thrown, Class<? extends Throwable> type) {
        Throwable t = thrown;
        while (t != null && !type.isInstance(t)) {
            t = t.getCause();
        }
        return t;
    }

    private static String place(URI target) {
        int port = target.getPort() >= 0
                ? target.getPort()
                : "https".equalsIgnoreCase(target.getScheme()) ? HTTPS : HTTP;
        return target.getHost() + ":" + port;
    }
}
