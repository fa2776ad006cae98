package kr.kisgateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import org.junit.jupiter.api.Test;

/** A listener that ends in a process that goes on leaves no client waiting. */
class ListenerStopTest {
    private static final int ROUNDS = 15;
    private static final int CLIENTS = 8;
    private static final int CALLS = 40;
    private static final int PATIENCE_MS = 5_000;
    private static final byte[] CALL =
            "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static AnyPathListener listener() {
        return new AnyPathListener(
                new AnyPathListener.Options(
                        "127.0.0.1",
                        0,
                        OriginRule.keyed("127.0.0.1"),
                        Set.of("GET"),
                        1_024,
                        1_024,
                        Duration.ofMinutes(1),
                        100,
                        AnyPathListener.Connections.plain()),
                _ -> new AnyPathListener.Answer.Text(200, "", Map.of(), "answered"),
                AnyPathListener.Sockets.none());
    }

    @Test
    void a_connection_that_is_accepted_while_the_listener_ends_is_closed() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            var calls = new AtomicInteger();
            var stopped = new AtomicBoolean();
            var waited = new AtomicInteger();
            var clients = new ArrayList<Thread>();
            try (var listener = listener()) {
                listener.start();
                int port = listener.port();
                for (int i = 0; i < CLIENTS; i++) {
                    clients.add(Thread.ofPlatform().start(() -> {
                        while (!stopped.get()) call(port, calls, waited);
                    }));
                }
                while (calls.get() < CALLS) Thread.onSpinWait();
            }
            stopped.set(true);
            for (var client : clients) client.join();
            assertThat(waited).as("clients without an answer in round " + round).hasValue(0);
        }
    }

    @Test
    void a_connection_that_is_accepted_after_all_its_readers_have_ended_is_closed() throws Exception {
        var server = new Server();
        var connector = new FairConnector(server, new HttpConnectionFactory());
        server.addConnector(connector);
        var slow = new SlowAccept(ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0)));
        connector.open(slow);
        server.start();
        try (var socket = new Socket("127.0.0.1", connector.getLocalPort())) {
            slow.accepted.await();
            var stop = Thread.ofPlatform().start(() -> LifeCycle.stop(server));
            while (!connector.getSelectorManager().isStopped()) Thread.onSpinWait();
            slow.goOn.countDown();

            socket.setSoTimeout(PATIENCE_MS);
            assertThat(isEnded(socket)).isTrue();
            stop.join();
        }
    }

    private static boolean isEnded(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true; // reset
        }
    }

    /** Keeps an accepted connection until it may go on. */
    private static final class SlowAccept extends ServerSocketChannel {
        final CountDownLatch accepted = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        private final ServerSocketChannel channel;

        SlowAccept(ServerSocketChannel channel) {
            super(channel.provider());
            this.channel = channel;
        }

        @Override
        public SocketChannel accept() throws IOException {
            var connection = channel.accept();
            accepted.countDown();
            boolean waits = true;
            while (waits) {
                try {
                    goOn.await();
                    waits = false;
                } catch (InterruptedException e) {
                    // The pool ends: the connection is handed on nevertheless.
                }
            }
            return connection;
        }

        @Override
        public ServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
            return channel.bind(local, backlog);
        }

        @Override
        public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
            return channel.setOption(name, value);
        }

        @Override
        public <T> T getOption(SocketOption<T> name) throws IOException {
            return channel.getOption(name);
        }

        @Override
        public Set<SocketOption<?>> supportedOptions() {
            return channel.supportedOptions();
        }

        @Override
        public ServerSocket socket() {
            return channel.socket();
        }

        @Override
        public SocketAddress getLocalAddress() throws IOException {
            return channel.getLocalAddress();
        }

        @Override
        protected void implCloseSelectableChannel() throws IOException {
            channel.close();
        }

        @Override
        protected void implConfigureBlocking(boolean block) throws IOException {
            channel.configureBlocking(block);
        }
    }

    private static void call(int port, AtomicInteger calls, AtomicInteger waited) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MS);
            socket.setSoTimeout(PATIENCE_MS);
            socket.getOutputStream().write(CALL);
            socket.getInputStream().readAllBytes();
            calls.incrementAndGet();
        } catch (SocketTimeoutException e) {
            waited.incrementAndGet();
        } catch (IOException e) {
            // The listener ended: the client knows at once.
        }
    }
}
