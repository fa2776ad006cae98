package kr.kisgateway.client.rest;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Apache's own connection copies every byte into its wire log when that is turned on; this one cannot. And it checks
 * whether it may carry another request: one that the server has closed would lose an order's answer, one with
 * unsolicited input would give an order the answer of another.
 */
public final class CheckedConnection extends DefaultBHttpClientConnection implements ManagedHttpClientConnection {
    private Optional<Socket> socket = Optional.empty();
    /** Below TLS, if there is any. */
    private Optional<SocketChannel> channel = Optional.empty();
    /** Has what TLS has decrypted and no caller has read; the channel does not show that. */
    private Optional<InputStream> decrypted = Optional.empty();

    private Timeout timeout = Timeout.DISABLED;
    private Optional<SessionInputBuffer> read = Optional.empty();
    private boolean isUsed;

    private CheckedConnection() {
        super(Http1Config.DEFAULT);
    }

    /** Builds a pool of such connections. */
    public static PoolingHttpClientConnectionManagerBuilder manager() {
        return new ChannelSockets().setConnectionFactory(CheckedConnection::on);
    }

    private static ManagedHttpClientConnection on(@Nullable Socket socket) throws IOException {
        var connection = new CheckedConnection();
        if (socket != null) {
            connection.bind(socket);
        }
        return connection;
    }

    @Override
    public void bind(Socket bound) throws IOException {
        super.bind(bound);
        socket = Optional.of(bound);
        channel = Optional.ofNullable(bound.getChannel());
        timeout = Timeout.ofMilliseconds(bound.getSoTimeout());
    }

    @Override
    public void bind(SSLSocket encrypted, Socket below) throws IOException {
        bind(encrypted);
        channel = Optional.ofNullable(below.getChannel());
        decrypted = Optional.of(encrypted.getInputStream());
    }

    @Override
    public @Nullable Socket getSocket() {
        return socket.orElse(null);
    }

    @Override
    public void setSocketTimeout(Timeout requested) {
        super.setSocketTimeout(requested);
        timeout = requested;
    }

    /** Whether another request may be sent with it, as far as can be seen now. */
    boolean isReusable() throws IOException {
        // Until an answer had a body, the buffer is not known, and may have more than was read.
        return !isUsed || read.filter(buffer -> buffer.length() == 0).isPresent() && !isStale();
    }

    /**
     * Whether the server has closed the connection, or sent what was not requested. Apache's own check waits a millisecond
     * for input; this one reads what is there, and a connection with input is not used again.
     */
    @Override
    public boolean isStale() throws IOException {
        if (channel.isEmpty()) {
            return super.isStale();
        }
        SocketChannel below = channel.get();
        if (!below.isOpen() || decrypted.isPresent() && decrypted.get().available() > 0) {
            return true;
        }
        below.configureBlocking(false);
        try {
            return below.read(ByteBuffer.allocate(1)) != 0;
        } catch (IOException _) {
            return true;
        } finally {
            below.configureBlocking(true);
        }
    }

    @Override
    protected InputStream createContentInputStream(long length, SessionInputBuffer buffer, InputStream in) {
        read = Optional.of(buffer);
        return super.createContentInputStream(length, buffer, in);
    }

    @Override
    public void passivate() {
        isUsed = true;
        super.setSocketTimeout(Timeout.ZERO_MILLISECONDS);
    }

    @Override
    public void activate() {
        super.setSocketTimeout(timeout);
    }

    @Override
    public String toString() {
        return "connection "
                + Integer.toHexString(System.identityHashCode(this)).toLowerCase(Locale.ROOT);
    }

    /** Sockets with a channel, by which it can be read without waiting whether there is input. */
    private static final class ChannelSockets extends PoolingHttpClientConnectionManagerBuilder {
        @Override
        protected HttpClientConnectionOperator createConnectionOperator(
                SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
            return new DefaultHttpClientConnectionOperator(
                    _ -> SocketChannel.open().socket(),
                    ports,
                    names,
                    RegistryBuilder.<TlsSocketStrategy>create()
                            .register(URIScheme.HTTPS.id, tls)
                            .build());
        }
    }
}
