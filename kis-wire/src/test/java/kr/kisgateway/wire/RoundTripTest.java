package kr.kisgateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.wire.ExecutionNotice.Condition;
import kr.kisgateway.wire.ExecutionNotice.Exchange;
import kr.kisgateway.wire.ExecutionNotice.Kind;
import kr.kisgateway.wire.ExecutionNotice.Request;
import kr.kisgateway.wire.parse.ControlMessage;
import kr.kisgateway.wire.parse.RecordedFrames;
import kr.kisgateway.wire.parse.SubscribeRequest;
import kr.kisgateway.wire.print.BookRecord;
import kr.kisgateway.wire.print.ControlPrinter;
import kr.kisgateway.wire.print.FramePrinter;
import kr.kisgateway.wire.print.Layout;
import kr.kisgateway.wire.print.SubscribeMessage;
import kr.kisgateway.wire.print.TapeRecord;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Reading restores what was written. In addition to the golden bytes, which verify each direction separately. */
class RoundTripTest {
    @Property(tries = 300)
    void trades_survive_the_wire(@ForAll("layouts") Layout layout, @ForAll("trades") List<Trade> trades) {
        List<TapeRecord> records = trades.stream()
                .map(trade -> new TapeRecord(
                        trade, '2', 1, 2, 3, 4, 90000, 90000, 90000, "20", false, 5, 6, 7, 8, 9, 10, 11, '0', 12, '2'))
                .toList();

        assertThat(RecordedFrames.from(new FramePrinter(layout).trades(records)).trades)
                .isEqualTo(trades);
    }

    @Property(tries = 300)
    void books_survive_the_wire(@ForAll("layouts") Layout layout, @ForAll("levels") List<long[]> books) {
        List<BookRecord> records = books.stream()
                .map(levels -> BookRecord.continuous(
                        new OrderBook(new Symbol("000660"), 93015, levels, levels[20], levels[30]), 1, 2, -3))
                .toList();

        List<OrderBook> read = RecordedFrames.from(new FramePrinter(layout).books(records)).books;

        assertThat(read).hasSameSizeAs(books);
        for (int i = 0; i < read.size(); i++) {
            for (int level = 0; level < OrderBook.LEVELS; level++) {
                assertThat(read.get(i).askPrice(level)).isEqualTo(books.get(i)[level]);
                assertThat(read.get(i).bidPrice(level)).isEqualTo(books.get(i)[10 + level]);
                assertThat(read.get(i).askQty(level)).isEqualTo(books.get(i)[20 + level]);
                assertThat(read.get(i).bidQty(level)).isEqualTo(books.get(i)[30 + level]);
            }
            assertThat(read.get(i).totalAskQty()).isEqualTo(books.get(i)[20]);
            assertThat(read.get(i).totalBidQty()).isEqualTo(books.get(i)[30]);
        }
    }

    @Property(tries = 300)
    void notices_survive_encryption_and_the_wire(@ForAll("notices") ExecutionNotice notice) {
        String frame = new FramePrinter(Layout.CURRENT).encryptedNotice("H0STCNI9", notice, Golden.KEY);

        assertThat(RecordedFrames.from(frame).notices).containsExactly(notice);
    }

    @Property(tries = 300)
    void registrations_survive_the_wire(
            @ForAll String approvalKey, @ForAll boolean register, @ForAll("keys") RealtimeKey key) {
        SubscribeRequest read = SubscribeRequest.parse(SubscribeMessage.print(approvalKey, "P", register, key));

        assertThat(read)
                .isEqualTo(
                        register
                                ? new SubscribeRequest.Register(approvalKey.strip(), "P", key)
                                : new SubscribeRequest.Release(approvalKey.strip(), "P", key));
    }

    @Property(tries = 100)
    void acknowledgements_survive_the_wire(@ForAll("keys") RealtimeKey key) {
        assertThat(ControlMessage.parse(ControlPrinter.subscribed(key, Golden.KEY)))
                .isEqualTo(new ControlMessage.Ack(
                        key.trId(), key.trKey(), "0", "OPSP0000", "SUBSCRIBE SUCCESS", Optional.of(Golden.KEY)));
    }

    @Provide
    Arbitrary<Layout> layouts() {
        return Combinators.combine(Arbitraries.of(46, 47), Arbitraries.of(59, 60, 62), Arbitraries.of(23, 26))
                .as(Layout::new);
    }

    @Provide
    Arbitrary<RealtimeKey> keys() {
        return Combinators.combine(
                        Arbitraries.of("H0STCNT0", "H0STASP0", "H0STCNI0"),
                        Arbitraries.strings()
                                .withChars("$\"\\A0가")
                                .ofMinLength(1)
                                .ofMaxLength(12))
                .as(RealtimeKey::new);
    }

    @Provide
    Arbitrary<List<Trade>> trades() {
        return Combinators.combine(symbols(), times(), prices(), prices(), quantities(), Arbitraries.of('B', 'S', '-'))
                .as((symbol, time, price, base, qty, aggressor) -> new Trade(
                        symbol,
                        20261120,
                        time,
                        price,
                        qty,
                        price - base,
                        base,
                        Math.max(price, base),
                        Math.min(price, base),
                        price,
                        base,
                        qty * 7,
                        qty * price,
                        aggressor))
                .list()
                .ofMinSize(1)
                .ofMaxSize(40);
    }

    @Provide
    Arbitrary<List<long[]>> levels() {
        return Arbitraries.longs()
                .between(0, 999_999_999_999L)
                .array(long[].class)
                .ofSize(40)
                .list()
                .ofMinSize(1)
                .ofMaxSize(20);
    }

    @Provide
    Arbitrary<ExecutionNotice> notices() {
        Arbitrary<String> texts = Arbitraries.strings().withChars("A1|가힣").ofMaxLength(10);
        return Combinators.combine(
                        symbols(),
                        times(),
                        Arbitraries.of(Kind.class),
                        Arbitraries.of(Request.class),
                        Arbitraries.of(Side.class),
                        quantities(),
                        prices(),
                        texts)
                .as((symbol, time, kind, request, side, qty, price, text) -> new ExecutionNotice(
                        text,
                        "1234567801",
                        qty,
                        request == Request.NEW ? 0 : qty + 1,
                        side,
                        request,
                        "00",
                        Condition.values()[(int) (qty % 3)],
                        symbol,
                        qty,
                        price,
                        time,
                        kind,
                        "06010",
                        qty + 1,
                        text,
                        price,
                        Optional.of(Exchange.values()[(int) (qty % 4)]),
                        qty % 2 == 0,
                        "10",
                        "20261120",
                        text,
                        price));
    }

    private static Arbitrary<Symbol> symbols() {
        return Arbitraries.of("005930", "000660", "0001A0", "Q500001").map(Symbol::new);
    }

    private static Arbitrary<Integer> times() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 23),
                        Arbitraries.integers().between(0, 59),
                        Arbitraries.integers().between(0, 59))
                .as((hour, minute, second) -> hour * 10_000 + minute * 100 + second);
    }

    private static Arbitrary<Long> prices() {
        return Arbitraries.longs().between(1, 999_999_999);
    }

    private static Arbitrary<Long> quantities() {
        return Arbitraries.longs().between(1, 99_999_999);
    }
}
