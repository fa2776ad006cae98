package kr.kisgateway.gateway.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.feed.GapCause;
import kr.kisgateway.gateway.http.CallForwarder.Owner;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.EdgeSettings;
import kr.kisgateway.gateway.http.HttpEdge;
import kr.kisgateway.gateway.http.NodeSignature;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.http.SocketConnection;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.gateway.stream.Channel;
import kr.kisgateway.gateway.stream.DeliveryMode;
import kr.kisgateway.gateway.stream.FeedTap;
import kr.kisgateway.gateway.stream.IdleStreamHub;
import kr.kisgateway.gateway.stream.MarketDataSupply;
import kr.kisgateway.gateway.stream.SessionSnapshot;
import kr.kisgateway.gateway.stream.StreamHub;
import kr.kisgateway.gateway.task.ThreadTaskRunner;
import kr.kisgateway.gateway.trace.TraceIds;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The owner's feed and a gateway beside it, over real sockets. */
@Tag("slow")
class FeedTest {
    private static final Symbol SAMSUNG = Symbol.of("005930");
    private static final Symbol HYNIX = Symbol.of("000660");
    private static final InstantSource CLOCK = InstantSource.system();
    private static final NodeSignature SIGNATURE = new NodeSignature(Secret.of("a secret of the whole cluster"), CLOCK);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final QuoteStore ownerStore = new QuoteStore(CLOCK);
    private final QuoteStore edgeStore = new QuoteStore(CLOCK);
    private final BlockingQueue<String> supplied = new LinkedBlockingQueue<>();
    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
    private final AtomicReference<SessionSnapshot> session =
            new AtomicReference<>(new SessionSnapshot("ACTIVE", true, Optional.empty(), "REGULAR"));
    private final AtomicReference<Optional<Owner>> owner = new AtomicReference<>(Optional.empty());
    private final AtomicReference<OptionalInt> facePort = new AtomicReference<>(OptionalInt.empty());
    private final AtomicInteger newOrders = new AtomicInteger();
    private final AtomicInteger silences = new AtomicInteger();
    /** For how long the gateway beside the owner stood still, in nanoseconds. */
    private final AtomicLong slept = new AtomicLong();

    private final StreamHub edgeHub = IdleStreamHub.hub(CLOCK);
    private final ThreadTaskRunner tasks = new ThreadTaskRunner();
    private FeedOutlet outlet;
    private HttpEdge listener;
    private FeedInlet inlet;

    private final MarketDataSupply supply = new MarketDataSupply() {
        @Override
        public DeliveryMode acquire(Channel channel, MarketSymbol symbol, Optional<String> key) {
            supplied.add("+" + channel + symbol.code() + key.orElse(""));
            return symbol.equals(HYNIX) ? DeliveryMode.poll(2_000) : DeliveryMode.push();
        }

        @Override
        public void release(Channel channel, MarketSymbol symbol, Optional<String> key) {
            supplied.add("-" + channel + symbol.code() + key.orElse(""));
        }
    };

    /** What the hub of the gateway beside the owner was given. */
    private final FeedTap tap = new FeedTap() {
        @Override
        public void trade(LastTick last) {
            received.add(last);
        }

        @Override
        public void polled(LastTick last) {
            received.add("no trade " + last.trade().price());
        }

        @Override
        public void book(LastBook book) {
            received.add("book " + book.book());
        }

        @Override
        public void gap(Channel channel, MarketSymbol symbol, GapCause cause) {
            received.add("gap " + channel + ' ' + symbol.code() + ' ' + cause);
        }

        @Override
        public void deliveryChanged(Channel channel, MarketSymbol symbol, DeliveryMode mode) {
            received.add("mode " + channel + ' ' + symbol.code() + ' ' + mode);
        }
    };

    @BeforeEach
    void start() {
        edgeHub.tap(tap);
        open();
        inlet = new FeedInlet(
                        owner::get, SIGNATURE, "b", Optional.empty(), edgeStore, () -> System.nanoTime() + slept.get())
                .start(edgeHub, newOrders::incrementAndGet, silences::incrementAndGet, tasks);
    }

    private void open() {
        outlet = new FeedOutlet(
                supply,
                ownerStore,
                IdleStreamHub.hub(CLOCK)::symbol,
                session::get,
                _ -> Optional.empty(),
                facePort::get);
        var table = new RouteTable();
        outlet.register(table, tasks);
        listener = HttpEdge.start(
                EdgeSettings.defaults("127.0.0.1", 0),
                table,
                new NodeCaller(SIGNATURE, (_, _) -> Caller.local(Role.ADMIN)),
                new TraceIds(1),
                tasks);
        owner.set(Optional.of(new Owner("a", listener.port(), URI.create("http://127.0.0.1:" + listener.port()))));
    }

    @AfterEach
    void stop() {
        inlet.close();
        close();
        edgeHub.close();
    }

    private void close() {
        outlet.close();
        listener.close();
    }

    private Object next() throws InterruptedException {
        return Optional.ofNullable(received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .orElseThrow(() -> new AssertionError("nothing arrived"));
    }

    private String nextSupplied() throws InterruptedException {
        return Optional.ofNullable(supplied.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .orElseThrow(() -> new AssertionError("nothing was asked for"));
    }

    private LastTick traded(long price) {
        return ownerStore.putTrade(
                new Trade(SAMSUNG, 20261127, 100_000, price, 3, 1, 1, 2, 1, price + 50, price, 10, 100, 'B'),
                PushFeed.DOMESTIC);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it did not happen").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void the_port_for_programs_written_for_kis_is_known_of_the_present_owner_alone() {
        await(inlet::isConnected);
        assertThat(inlet.faceOwner()).isEmpty();
        facePort.set(OptionalInt.of(8_900));
        await(() -> inlet.faceOwner().isPresent());
        assertThat(inlet.faceOwner().orElseThrow().address()).isEqualTo(URI.create("http://127.0.0.1:8900"));
        long former = listener.port();
        close();
        await(() -> !inlet.isConnected());
        assertThat(inlet.faceOwner())
                .as("an owner whose feed is away is the owner")
                .isPresent();
        open();
        await(() -> inlet.faceOwner().map(Owner::epoch).equals(Optional.of((long) listener.port())));
        assertThat(inlet.faceOwner().orElseThrow().epoch()).isNotEqualTo(former);
    }

    @Test
    void a_value_that_is_subscribed_to_arrives_as_the_owner_has_it() throws Exception {
        traded(70_000);
        assertThat(inlet.acquire(Channel.QUOTES, SAMSUNG, Optional.of("key of a client")))
                .isEqualTo(DeliveryMode.push());
        assertThat(nextSupplied())
                .as("clients have their shares at their gateway")
                .isEqualTo("+QUOTES005930");
        assertThat(next()).isEqualTo("no trade 70000");
        await(() -> inlet.session().isPresent());
        LastTick tick = traded(70_100);
        outlet.trade(tick);
        assertThat(next()).isEqualTo(tick);
        assertThat(edgeStore.last(SAMSUNG)).contains(tick);

        inlet.acquire(Channel.TRADES, SAMSUNG, Optional.empty());
        assertThat(nextSupplied()).isEqualTo("+TRADES005930");
        LastTick second = traded(70_200);
        outlet.trade(second);
        assertThat(next()).as("once, for both channels").isEqualTo(second);

        outlet.gap(Channel.TRADES, SAMSUNG, GapCause.MISSED_TRADES);
        assertThat(next()).isEqualTo("gap TRADES 005930 MISSED_TRADES");
    }

    @Test
    void a_book_that_was_there_before_and_one_that_changes_arrive() throws Exception {
        var first = new LastBook(new OrderBook(SAMSUNG, 1, new long[40], 1, 1), Optional.empty(), 7);
        ownerStore.putBook(first);
        inlet.acquire(Channel.BOOKS, SAMSUNG, Optional.empty());
        assertThat(next()).isEqualTo("book " + first.book());
        var levels = new long[40];
        levels[0] = 70_100;
        var second = new LastBook(new OrderBook(SAMSUNG, 2, levels, 1, 1), Optional.empty(), 8);
        outlet.book(second);
        assertThat(next()).isEqualTo("book " + second.book());
        assertThat(edgeStore.lastBook(SAMSUNG).orElseThrow().atMs()).isEqualTo(8);
    }

    @Test
    void clients_are_informed_of_a_symbol_that_is_polled() throws Exception {
        inlet.acquire(Channel.QUOTES, HYNIX, Optional.empty());
        assertThat(next()).isEqualTo("mode QUOTES 000660 " + DeliveryMode.poll(2_000));
        assertThat(inlet.acquire(Channel.QUOTES, HYNIX, Optional.empty())).isEqualTo(DeliveryMode.poll(2_000));
        outlet.deliveryChanged(Channel.QUOTES, HYNIX, DeliveryMode.push());
        assertThat(next()).isEqualTo("mode QUOTES 000660 " + DeliveryMode.push());
    }

    @Test
    void the_owner_releases_what_the_last_client_gave_up_and_everything_when_a_gateway_goes() throws Exception {
        inlet.acquire(Channel.QUOTES, SAMSUNG, Optional.empty());
        inlet.acquire(Channel.QUOTES, SAMSUNG, Optional.empty());
        inlet.acquire(Channel.BOOKS, SAMSUNG, Optional.empty());
        assertThat(List.of(nextSupplied(), nextSupplied())).containsExactlyInAnyOrder("+QUOTES005930", "+BOOKS005930");
        inlet.release(Channel.QUOTES, SAMSUNG, Optional.empty());
        inlet.release(Channel.BOOKS, SAMSUNG, Optional.empty());
        assertThat(nextSupplied()).as("one client is left").isEqualTo("-BOOKS005930");
        inlet.close();
        assertThat(nextSupplied()).isEqualTo("-QUOTES005930");
    }

    @Test
    void after_an_absence_every_symbol_has_a_gap_and_the_last_value_of_the_next_owner() throws Exception {
        inlet.acquire(Channel.QUOTES, SAMSUNG, Optional.empty());
        inlet.acquire(Channel.BOOKS, SAMSUNG, Optional.empty());
        nextSupplied();
        nextSupplied();
        close();
        await(() -> !inlet.isConnected());
        assertThat(inlet.session()).isEmpty();
        traded(71_000);
        supplied.clear();
        received.clear();
        open();
        assertThat(List.of(next(), next()))
                .containsExactlyInAnyOrder("gap TRADES 005930 RECONNECT", "gap BOOKS 005930 RECONNECT");
        assertThat(next()).isEqualTo("no trade 71000");
        assertThat(List.of(nextSupplied(), nextSupplied())).contains("+QUOTES005930", "+BOOKS005930");
    }

    @Test
    void the_session_and_new_orders_arrive_without_a_subscription() {
        await(() -> inlet.session().equals(Optional.of(session.get())));
        session.set(new SessionSnapshot("RECONNECTING", false, Optional.of("lost it"), "CLOSED"));
        await(() -> inlet.session().equals(Optional.of(session.get())));
        int before = newOrders.get();
        outlet.orderChanged();
        await(() -> newOrders.get() > before);
    }

    @Test
    void a_gateway_that_does_not_read_loses_what_waits_and_receives_the_last_values_again() throws Exception {
        var mayWrite = new CountDownLatch(1);
        var frames = new LinkedBlockingQueue<String>();
        var small = new FeedOutlet(
                supply,
                ownerStore,
                IdleStreamHub.hub(CLOCK)::symbol,
                session::get,
                _ -> Optional.empty(),
                OptionalInt::empty,
                new FeedOutlet.Bounds(20, 1_000));
        var connection = new SocketConnection() {
            @Override
            public boolean send(String text, Duration limit) {
                try {
                    mayWrite.await();
                } catch (InterruptedException e) {
                    return false;
                }
                return frames.add(text);
            }

            @Override
            public void close(int code, String reason) {
                // the test's end
            }

            @Override
            public void abort() {
                // the test's end
            }
        };
        var socket = small.opened(connection, new Caller("node:b", Role.ADMIN, Optional.empty(), Optional.empty()));
        socket.text(new FeedRequest(true, Channel.QUOTES, SAMSUNG).text());
        for (int i = 0; i < 100; i++) {
            small.trade(traded(70_000 + i));
        }
        mayWrite.countDown();
        var lines = new ArrayList<String>();
        while (lines.stream().noneMatch(line -> line.startsWith("T p") && line.contains(" 70099 "))) {
            lines.addAll(frames.poll(20, TimeUnit.SECONDS).lines().toList());
        }
        int overflow = lines.indexOf(FeedLine.Overflow.TEXT);
        assertThat(overflow).as("the mark of the loss").isNotNegative();
        assertThat(lines.subList(overflow, lines.size()).stream().filter(line -> line.startsWith("T t")))
                .as("nothing between the loss and the last value")
                .isEmpty();
        small.trade(traded(80_000));
        while (lines.stream().noneMatch(line -> line.startsWith("T t") && line.contains(" 80000 "))) {
            lines.addAll(frames.poll(20, TimeUnit.SECONDS).lines().toList());
        }
        socket.closed();
    }

    /** Takes its first connection as a WebSocket and sends nothing, and refuses the others when it may. */
    private static final class MuteOwner implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final CountDownLatch mayRefuse = new CountDownLatch(1);
        private final AtomicInteger refused = new AtomicInteger();
        private final List<Socket> open = new CopyOnWriteArrayList<>();

        MuteOwner() throws IOException {
            Thread.ofVirtual().start(this::serve);
        }

        Owner owner() {
            return new Owner("mute", 1, URI.create("http://127.0.0.1:" + listener.getLocalPort()));
        }

        private void serve() {
            try {
                accept(listener.accept());
                while (true) {
                    var next = listener.accept();
                    Thread.ofVirtual().start(() -> refuse(next));
                }
            } catch (IOException | GeneralSecurityException closed) {
                // the test's end
            }
        }

        private void accept(Socket from) throws IOException, GeneralSecurityException {
            open.add(from);
            String key = new BufferedReader(new InputStreamReader(from.getInputStream(), StandardCharsets.US_ASCII))
                    .lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElseThrow();
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            write(
                    from,
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n");
        }

        private void refuse(Socket from) {
            try (from) {
                mayRefuse.await();
                refused.incrementAndGet();
                write(from, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            } catch (IOException | InterruptedException gone) {
                // it waits no longer
            }
        }

        private static void write(Socket to, String text) throws IOException {
            to.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void close() throws IOException {
            mayRefuse.countDown();
            listener.close();
            for (var socket : open) socket.close();
        }
    }

    @Test
    void an_owner_that_sends_nothing_is_no_answering_one_until_it_refuses_a_connection_and_is_tried_again_at_once()
            throws Exception {
        await(() -> inlet.isConnected());
        try (var mute = new MuteOwner()) {
            var expected = Optional.of(mute.owner());
            owner.set(expected);
            await(() -> silences.get() == 1);
            assertThat(inlet.answeringOwner()).isEmpty();
            assertThat(mute.refused).hasValue(0);
            mute.mayRefuse.countDown();
            await(() -> inlet.answeringOwner().equals(expected));
            int first = mute.refused.get();
            long from = System.nanoTime();
            await(() -> mute.refused.get() >= first + 5);
            assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void a_pause_of_the_own_process_is_no_silence_of_the_owner() throws Exception {
        inlet.acquire(Channel.TRADES, SAMSUNG, Optional.empty());
        nextSupplied();
        slept.set(Duration.ofMinutes(1).toNanos());
        // Several checks later.
        long until = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        await(() -> System.nanoTime() > until);
        assertThat(silences).hasValue(0);
        assertThat(inlet.answeringOwner()).isEqualTo(owner.get());
        LastTick next = traded(70_000);
        outlet.trade(next);
        assertThat(next()).as("no gap before it").isEqualTo(next);
    }

    @Test
    void lines_that_were_lost_are_a_gap_for_the_clients() throws Exception {
        inlet.acquire(Channel.TRADES, SAMSUNG, Optional.empty());
        nextSupplied();
        for (int i = 0; i < 200_000; i++) {
            outlet.trade(traded(70_000 + i % 100));
        }
        LastTick last = traded(79_000);
        outlet.trade(last);
        var all = new ArrayList<Object>();
        // Whether any was lost depends on the speed of the reader: if so, there is a mark, and the last value is there
        // anyway.
        Object latest;
        do {
            latest = next();
            all.add(latest);
        } while (!latest.equals(last) && !latest.equals("no trade 79000"));
        long trades = all.stream().filter(LastTick.class::isInstance).count();
        boolean marked = all.contains("gap TRADES 005930 SLOW_CONSUMER");
        assertThat(marked).isEqualTo(trades < 200_001);
    }

    @Test
    void only_gateways_of_the_cluster_are_served() {
        assertThat(outlet.refusalFor(Caller.local(Role.ADMIN))).isPresent();
        assertThat(outlet.refusalFor(new Caller("bot", Role.ADMIN, Optional.empty(), Optional.empty())))
                .isPresent();
        var other = new FeedInlet(
                owner::get,
                new NodeSignature(Secret.of("the secret of another cluster"), CLOCK),
                "c",
                Optional.empty(),
                edgeStore,
                System::nanoTime);
        other.start(edgeHub, () -> {}, () -> {}, tasks);
        await(() -> inlet.isConnected());
        assertThat(other.ask("/v1/cluster/feed", PATIENCE)).isEmpty();
        assertThat(other.isConnected()).isFalse();
        other.close();
    }
}
