package kr.kisgateway.simulator.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulator.broker.BrokerCore;
import kr.kisgateway.simulator.broker.BrokerRules;
import kr.kisgateway.simulator.broker.Effect;
import kr.kisgateway.simulator.broker.InMemoryStore;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.simulator.broker.Step;
import kr.kisgateway.simulator.broker.StoredChanges;
import kr.kisgateway.simulator.entity.AccountId;
import kr.kisgateway.simulator.entity.Change;
import kr.kisgateway.simulator.entity.OrderKind;
import kr.kisgateway.simulator.entity.RestingPlace;
import kr.kisgateway.simulator.exchange.Minutes;
import kr.kisgateway.simulator.exchange.StoredMinutes;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.simulator.history.DailyBar;
import kr.kisgateway.simulator.history.MinuteCodec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class StoreTest {
    private static final String KEY = "PSTESTKEY0000000000000000000000000001";
    private static final String SECRET = "s".repeat(180);
    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);
    private static final List<Minutes.Bar> BARS = List.of(new Minutes.Bar(540, 1, 2, 3, 4, 5, 6));
    private static final String BARS_IN_HEX = HexFormat.of().formatHex(MinuteCodec.pack(BARS));
    private static final Instant NINE = Instant.parse("2026-11-20T00:00:00Z");

    @TempDir
    Path folder;

    private Instant now = NINE;
    private long ids;
    private String token = "";

    /** A simulated day on {@link InMemoryStore} therefore crashes and restarts as the file does. */
    @Test
    void a_core_restored_from_memory_equals_one_restored_from_the_file() {
        BrokerRules rules =
                new BrokerRules(5, 100_000, 100_000, 41, 20, Duration.ofSeconds(100), Duration.ofMillis(100), false);
        Instruments listing = Instruments.load();
        BrokerCore core = new BrokerCore(rules, new OpenCalendar(), listing::find, StoredChanges.none(), now);
        InMemoryStore memory = new InMemoryStore();
        Random random = new Random(5);
        try (Store store = Store.open(folder.resolve("kis.db"), "OFF")) {
            for (int i = 0; i < 300; i++) {
                now = now.plusMillis(random.nextInt(200));
                Step step = core.handle(input(i, random), now);
                memory.apply(step.append());
                store.commit(step.append());
                step.afterDurable().forEach(this::readToken);
            }
            assertThat(store.load().changes())
                    .containsExactlyInAnyOrderElementsOf(memory.stored().changes())
                    .hasSizeGreaterThan(200);
            assertThat(orders(store.load())).as("the queue in its order").isEqualTo(orders(memory.stored()));
        }
    }

    /** The tables of the first release. */
    private static final String LAYOUT_1 = """
            CREATE TABLE identity (one INTEGER PRIMARY KEY CHECK (one = 1), token_secret TEXT NOT NULL);
            CREATE TABLE app_key (hash TEXT PRIMARY KEY, secret_hash TEXT NOT NULL, hts_id TEXT NOT NULL);
            CREATE TABLE key_account (hash TEXT, account TEXT, PRIMARY KEY (hash, account)) WITHOUT ROWID;
            CREATE TABLE token (hash TEXT, issued_at INTEGER, expires_at INTEGER NOT NULL, revoked INTEGER NOT NULL,
                PRIMARY KEY (hash, issued_at)) WITHOUT ROWID;
            CREATE TABLE business_day (one INTEGER PRIMARY KEY CHECK (one = 1), day TEXT NOT NULL, last_odno INTEGER NOT NULL);
            CREATE TABLE cash (account TEXT PRIMARY KEY, settled INTEGER NOT NULL, due_tomorrow INTEGER NOT NULL,
                due_after_tomorrow INTEGER NOT NULL, bought_today INTEGER NOT NULL, sold_today INTEGER NOT NULL,
                costs_today INTEGER NOT NULL, bought_yesterday INTEGER NOT NULL, sold_yesterday INTEGER NOT NULL,
                costs_yesterday INTEGER NOT NULL, assets_yesterday INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE holding (account TEXT, symbol TEXT, qty INTEGER NOT NULL, cost INTEGER NOT NULL,
                bought_today INTEGER NOT NULL, sold_today INTEGER NOT NULL, bought_yesterday INTEGER NOT NULL,
                sold_yesterday INTEGER NOT NULL, days_at_zero INTEGER NOT NULL, PRIMARY KEY (account, symbol)) WITHOUT ROWID;
            CREATE TABLE user_order (day TEXT, odno INTEGER, original_odno INTEGER NOT NULL, account TEXT NOT NULL,
                symbol TEXT NOT NULL, side TEXT NOT NULL, kind TEXT NOT NULL, dvsn TEXT NOT NULL, exchange TEXT NOT NULL,
                qty INTEGER NOT NULL, price INTEGER NOT NULL, time INTEGER NOT NULL, margin_price INTEGER NOT NULL,
                rest_price INTEGER NOT NULL, priority INTEGER NOT NULL, filled_qty INTEGER NOT NULL,
                filled_amount INTEGER NOT NULL, cancelled_qty INTEGER NOT NULL, rejected_qty INTEGER NOT NULL,
                is_open INTEGER NOT NULL, accepted_at INTEGER NOT NULL, fills INTEGER NOT NULL, PRIMARY KEY (day, odno)) WITHOUT ROWID;
            CREATE TABLE fill (day TEXT, odno INTEGER, sequence INTEGER, time INTEGER NOT NULL, price INTEGER NOT NULL,
                qty INTEGER NOT NULL, PRIMARY KEY (day, odno, sequence)) WITHOUT ROWID;
            CREATE TABLE price (symbol TEXT PRIMARY KEY, base INTEGER NOT NULL, last INTEGER NOT NULL, open INTEGER NOT NULL,
                high INTEGER NOT NULL, low INTEGER NOT NULL, open_at INTEGER NOT NULL, high_at INTEGER NOT NULL,
                low_at INTEGER NOT NULL, volume INTEGER NOT NULL, turnover INTEGER NOT NULL, buy_volume INTEGER NOT NULL,
                sell_volume INTEGER NOT NULL, buy_count INTEGER NOT NULL, sell_count INTEGER NOT NULL) WITHOUT ROWID;
            """;

    @Test
    void a_file_of_the_first_layout_keeps_its_open_orders_and_prices() throws Exception {
        Path file = folder.resolve("old.db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            for (String sql : LAYOUT_1.split(";", -1)) {
                if (!sql.isBlank()) {
                    statement.execute(sql);
                }
            }
            statement.execute("INSERT INTO price VALUES ('005930', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)");
            statement.execute(
                    "INSERT INTO user_order VALUES ('2026-11-20', 7, 0, '1111111101', '005930', 'BUY', 'NEW', '00',"
                            + " 'KRX', 10, 199000, 90000, 199000, 199000, 1, 0, 0, 0, 0, 1, 1000, 0)");
            statement.execute(
                    "INSERT INTO user_order VALUES ('2026-11-20', 9, 0, '1111111101', '005930', 'BUY', 'NEW', '00',"
                            + " 'KRX', 10, 199000, 90000, 199000, 0, 0, 0, 0, 0, 0, 1, 1000, 0)");
            statement.execute("PRAGMA user_version=1");
        }
        for (int opened = 0; opened < 2; opened++) {
            try (Store store = Store.open(file, "OFF")) {
                List<Change> stored = store.load().changes();
                assertThat(stored)
                        .filteredOn(Change.Order.class::isInstance)
                        .extracting(change -> ((Change.KoreanTerms) ((Change.Order) change).terms()).resting())
                        .containsExactly(RestingPlace.NOWHERE, RestingPlace.BOOK);
                assertThat(stored)
                        .contains(new Change.Price(
                                new Symbol("005930"),
                                Venue.KRX,
                                new Tape.Figures(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0, 0)));
            }
        }
    }

    @Test
    void the_first_day_and_recorded_days_are_loaded() {
        List<Change> changes = List.of(
                new Change.FirstDay(Market.KOREA, LocalDate.of(2026, 11, 20)),
                new Change.Traded(
                        new Symbol("005930"), Venue.NXT, new DailyBar(LocalDate.of(2026, 11, 21), 1, 2, 3, 4, 5, 6, 7)),
                new Change.TradedMinutes(
                        new Symbol("005930"),
                        Venue.KRX,
                        LocalDate.of(2026, 11, 21),
                        List.of(new Minutes.Bar(540, 1, 2, 3, 4, 5, 6))));
        Path file = folder.resolve("days.db");
        try (Store store = Store.open(file, "OFF")) {
            store.commit(changes);
        }
        try (Store store = Store.open(file, "OFF")) {
            assertThat(store.load().changes()).containsExactlyInAnyOrderElementsOf(changes);
        }
    }

    @Test
    void a_file_of_the_second_layout_is_migrated_to_the_newest() throws Exception {
        Path file = folder.resolve("second.db");
        createOld(file, 2, "INSERT INTO business_day VALUES (1, '2026-11-20', 100007)");
        AccountId account = AccountId.ofDigits("1111111101");
        UsSymbol apple = new UsSymbol(UsExchange.NASD, "AAPL");
        LocalDate day = LocalDate.of(2026, 11, 20);
        LocalDateTime at = LocalDateTime.of(2026, 11, 20, 9, 31);
        List<Change> us = List.of(
                new Change.TradingDate(Market.US, day),
                new Change.Cash(account, Currency.USD, 1, 2, 0, 3, 4, 5, 0, 0, 0, 0),
                new Change.Holding(account, apple, 6, 7, 8, 9, 10, 11, 0, 0, 0),
                new Change.Order(
                        day,
                        12,
                        13,
                        account,
                        apple,
                        Side.SELL,
                        OrderKind.MODIFY,
                        "34",
                        14,
                        15,
                        16,
                        17,
                        18,
                        19,
                        20,
                        22,
                        23,
                        24,
                        25,
                        true,
                        new Change.UsTerms(true, day, at)),
                new Change.FirstDay(Market.US, day),
                new Change.Traded(apple, new DailyBar(day, 1, 2, 3, 4, 5, 6, 7)),
                new Change.Fill(day, 12, 1, 233_100, 26, 27),
                new Change.Price(apple, new Tape.Figures(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0)));
        try (Store store = Store.open(file, "OFF")) {
            store.commit(us);
        }
        try (Store store = Store.open(file, "OFF")) {
            List<Change> stored = store.load().changes();
            assertThat(stored).contains(new Change.Day(day, 100_007));
            // Fills are counted in the orders.
            assertThat(stored)
                    .containsAll(us.stream()
                            .filter(change -> !(change instanceof Change.Fill))
                            .toList());
        }
    }

    @Test
    void a_sale_in_a_file_of_the_third_layout_has_no_realized_profit() throws Exception {
        Path file = folder.resolve("third.db");
        createOld(
                file,
                3,
                "INSERT INTO user_order VALUES ('2026-11-20', 100007, 0, '1111111101', '005930', 'SELL',"
                        + " 'NEW', '00', 'KRX', 3, 190000, 93000, 0, 0, 0, 3, 570000, 0, 0, 0, 1, 1, 'KRX', 'NOWHERE', 0, 0)");

        try (Store store = Store.open(file, "OFF")) {
            assertThat(orders(store.load()))
                    .singleElement()
                    .satisfies(change ->
                            assertThat(((Change.Order) change).basis()).isEqualTo(570_000));
        }
    }

    /** A file as an earlier release left it. */
    private static void createOld(Path file, int layout, String... rows) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            for (String sql : OldLayouts.migration(0, layout)) {
                statement.execute(sql);
            }
            for (String row : rows) {
                statement.execute(row);
            }
            statement.execute("PRAGMA user_version=" + layout);
        }
    }

    @Test
    void every_table_of_the_fifth_layout_becomes_entities() throws Exception {
        Path file = folder.resolve("fifth.db");
        createOld(
                file,
                5,
                "INSERT INTO identity VALUES (1, 'secret \"of\" tokens')",
                "INSERT INTO app_key VALUES ('aa', 'bb', 'user')",
                "INSERT INTO key_account VALUES ('aa', '1111111101')",
                "INSERT INTO token VALUES ('aa', 1795142400123, 1795228800123, 1)",
                "INSERT INTO business_day VALUES (1, '2026-11-20', 100007)",
                "INSERT INTO first_day VALUES (1, '2026-11-19')",
                "INSERT INTO cash VALUES ('1111111101', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)",
                "INSERT INTO holding VALUES ('1111111101', '005930', 1, 2, 3, 4, 5, 6, 1)",
                "INSERT INTO user_order VALUES ('2026-11-20', 7, 3, '1111111101', '005930', 'SELL', 'MODIFY', '22', 'SOR',"
                        + " 10, 199000, 90000, 199500, 199100, 4, 5, 6, 7, 8, 1, 1000, 9, 'NXT', 'STOP', 11, 12, 13)",
                "INSERT INTO fill VALUES ('2026-11-20', 7, 1, 90001, 199000, 5)",
                "INSERT INTO price VALUES ('005930', 'NXT', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)",
                "INSERT INTO traded_day VALUES ('005930', 'KRX', '2026-11-19', 1, 2, 3, 4, 5, 6, 7)",
                "INSERT INTO traded_minutes VALUES ('005930', 'KRX', " + Math.floorMod(DAY.toEpochDay(), 10)
                        + ", '2026-11-20', X'" + BARS_IN_HEX + "')",
                "INSERT INTO todays_minutes VALUES ('005930', 'KRX', '2026-11-20', 1795142400000, 1, 2, 3, X'"
                        + BARS_IN_HEX + "')",
                "INSERT INTO us_day VALUES (1, '2026-11-18')",
                "INSERT INTO us_first_day VALUES (1, '2026-11-17')",
                "INSERT INTO us_cash VALUES ('1111111101', 1, 2, 3, 4, 5)",
                "INSERT INTO us_holding VALUES ('1111111101', 'BRK/B', 'NYSE', 1, 2, 3, 4, 5, 6)",
                "INSERT INTO us_holding VALUES ('1111111101', 'AAPL', 'NASD', 0, 0, 0, 0, 0, 0)",
                "INSERT INTO us_order VALUES ('2026-11-20', 9, 8, '1111111101', 'BRK/B', 'NYSE', 'BUY', 'NEW', 'LIMIT_ON_OPEN',"
                        + " 1, 10, 11, 223000, '2026-11-20', '2026-11-20T08:30', 12, 13, 14, 15, 16, 17, 18, 19, 20, 0)",
                "INSERT INTO us_fill VALUES ('2026-11-20', 9, 1, '2026-11-20T08:31', 10, 1)",
                "INSERT INTO us_price VALUES ('BRK/B', 'NYSE', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)",
                "INSERT INTO us_traded_day VALUES ('BRK/B', 'NYSE', '2026-11-19', 1, 2, 3, 4, 5, 6, 7)");
        AccountId account = AccountId.ofDigits("1111111101");
        Symbol samsung = new Symbol("005930");
        UsSymbol berkshire = new UsSymbol(UsExchange.NYSE, "BRK/B");
        DailyBar bar = new DailyBar(DAY.minusDays(1), 1, 2, 3, 4, 5, 6, 7);
        List<Change> expected = List.of(
                new Change.Identity("secret \"of\" tokens"),
                new Change.Key("aa", "bb", "user"),
                new Change.KeyAccount("aa", account),
                new Change.Token(
                        "aa", Instant.ofEpochMilli(1_795_142_400_123L), Instant.ofEpochMilli(1_795_228_800_123L), true),
                new Change.Day(DAY, 100_007),
                new Change.FirstDay(Market.KOREA, DAY.minusDays(1)),
                new Change.Cash(account, Currency.KRW, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
                new Change.Holding(account, samsung, 1, 2, 3, 4, 0, 0, 5, 6, 1),
                new Change.Order(
                        DAY,
                        7,
                        3,
                        account,
                        samsung,
                        Side.SELL,
                        OrderKind.MODIFY,
                        "22",
                        10,
                        199_000,
                        90_000,
                        1_000,
                        4,
                        5,
                        6,
                        13,
                        9,
                        7,
                        8,
                        true,
                        new Change.KoreanTerms("SOR", 199_500, 11, 12, Venue.NXT, RestingPlace.STOP, 199_100)),
                new Change.Price(
                        samsung, Venue.NXT, new Tape.Figures(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)),
                new Change.Traded(samsung, Venue.KRX, bar),
                new Change.TradedMinutes(samsung, Venue.KRX, DAY, BARS),
                new Change.TodaysMinutes(
                        samsung,
                        Venue.KRX,
                        DAY,
                        new StoredMinutes(BARS, Instant.ofEpochMilli(1_795_142_400_000L), 1, 2, 3)),
                new Change.TradingDate(Market.US, DAY.minusDays(2)),
                new Change.FirstDay(Market.US, DAY.minusDays(3)),
                new Change.Cash(account, Currency.USD, 1, 2, 0, 3, 4, 5, 0, 0, 0, 0),
                new Change.Holding(account, berkshire, 1, 2, 3, 4, 5, 6, 0, 0, 0),
                new Change.Holding(account, new UsSymbol(UsExchange.NASD, "AAPL"), 0, 0, 0, 0, 0, 0, 0, 0, 1),
                new Change.Order(
                        DAY,
                        9,
                        8,
                        account,
                        berkshire,
                        Side.BUY,
                        OrderKind.NEW,
                        "32",
                        10,
                        11,
                        223_000,
                        12,
                        13,
                        14,
                        15,
                        17,
                        18,
                        19,
                        20,
                        false,
                        new Change.UsTerms(true, DAY, LocalDateTime.of(2026, 11, 20, 8, 30))),
                new Change.Price(berkshire, new Tape.Figures(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0)),
                new Change.Traded(berkshire, bar));
        try (Store store = Store.open(file, "OFF")) {
            assertThat(store.load().changes()).containsExactlyInAnyOrderElementsOf(expected);
            // The keys are those of this release: a later record replaces the migrated one.
            store.commit(expected);
            assertThat(store.load().changes()).containsExactlyInAnyOrderElementsOf(expected);
        }
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT content FROM entity WHERE kind = 'Fill' ORDER BY key")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).isEqualTo(Entities.content(new Change.Fill(DAY, 7, 1, 90_001, 199_000, 5)));
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).isEqualTo(Entities.content(new Change.Fill(DAY, 9, 1, 223_100, 10, 1)));
        }
    }

    @Test
    void a_copy_changes_independently_of_its_original() {
        InMemoryStore one = new InMemoryStore();
        one.apply(List.of(new Change.Identity("a")));
        InMemoryStore other = one.copy();
        other.apply(List.of(new Change.Identity("b")));

        assertThat(one.stored().changes()).containsExactly(new Change.Identity("a"));
        assertThat(other.stored().changes()).containsExactly(new Change.Identity("b"));
    }

    private static List<Change> orders(StoredChanges stored) {
        return stored.changes().stream().filter(Change.Order.class::isInstance).toList();
    }

    private Input input(int i, Random random) {
        if (i == 0) {
            return rest(
                    "/oauth2/tokenP",
                    "",
                    Map.of("grant_type", "client_credentials", "appkey", KEY, "appsecret", SECRET));
        }
        boolean market = random.nextBoolean();
        return rest(
                "/uapi/domestic-stock/v1/trading/order-cash",
                "TTTC0012U",
                Map.of(
                        "CANO",
                        "1234567" + random.nextInt(3),
                        "ACNT_PRDT_CD",
                        "01",
                        "PDNO",
                        "005930",
                        "ORD_DVSN",
                        market ? "01" : "00",
                        "ORD_QTY",
                        Integer.toString(1 + random.nextInt(9)),
                        "ORD_UNPR",
                        market ? "0" : Integer.toString(190_000 + 100 * random.nextInt(90))));
    }

    private Input rest(String path, String trId, Map<String, String> body) {
        Map<String, String> headers =
                Map.of("appkey", KEY, "appsecret", SECRET, "authorization", "Bearer " + token, "tr_id", trId);
        return new Input.Rest(
                ++ids, "POST", path, headers, Map.of(), new Input.Body.Fields(body, "{}"), "entropy " + ids);
    }

    private void readToken(Effect effect) {
        if (token.isEmpty() && effect instanceof Effect.Reply reply) {
            token = reply.answer().body().replaceFirst(".*\"access_token\":\"([^\"]*)\".*", "$1");
        }
    }
}
