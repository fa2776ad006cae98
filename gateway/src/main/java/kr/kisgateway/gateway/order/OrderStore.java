package kr.kisgateway.gateway.order;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.database.Dialect;
import kr.kisgateway.gateway.database.RowBatch;
import kr.kisgateway.gateway.database.RowBatch.Column;
import kr.kisgateway.gateway.database.Statements;
import kr.kisgateway.gateway.journal.Journal;
import kr.kisgateway.gateway.journal.JournalAppend;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.journal.JournalRows;
import kr.kisgateway.gateway.order.OrderCore.RecordedControlEvent;
import kr.kisgateway.gateway.order.OrderCore.RecordedEvent;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingCalendar;

/**
 * Orders in the journal's file: the events themselves, and two query tables that can be rebuilt from them at any time.
 * {@code orders} finds an order by the fields users filter by; {@code idempotency} finds the order of a key.
 */
public final class OrderStore implements Journal.Tables {
    private static final String ORDERS = "order_id TEXT PRIMARY KEY, account TEXT NOT NULL, trading_day TEXT NOT NULL,"
            + " status TEXT NOT NULL, symbol TEXT NOT NULL, strategy TEXT, terminal INTEGER NOT NULL,"
            + " external INTEGER NOT NULL DEFAULT 0";

    /** {@code kind} is a {@link KeyUse.Kind}. */
    private static final String IDEMPOTENCY = "scope TEXT NOT NULL, key TEXT NOT NULL, hash TEXT NOT NULL,"
            + " order_id TEXT NOT NULL, kind TEXT NOT NULL, trading_day TEXT NOT NULL, PRIMARY KEY(scope, key)";

    /** The events of the orders {@code o} that a condition selects. */
    private static final String OF_ORDERS =
            "SELECT j.stream, j.seq, j.at_us, j.trading_day, j.type, j.v, j.fence, j.subject, j.payload, j.crc"
                    + " FROM journal j JOIN orders o ON o.order_id = j.subject";

    /** Its parameters are the trading days of the markets, the earlier first and third. Of the day before: orders at the broker that may have ended wrongly. */
    static final String OPEN_AND_TODAY = OF_ORDERS
            + " WHERE o.trading_day IN (?, ?)"
            + " OR o.trading_day IN (SELECT trading_day FROM orders WHERE terminal = 0)"
            + " OR (o.trading_day = (SELECT MAX(trading_day) FROM orders WHERE trading_day < ?)"
            + " AND o.status IN ('CANCELED', 'REJECTED', 'EXPIRED')"
            + " AND EXISTS (SELECT 1 FROM journal b WHERE b.subject = o.order_id"
            + " AND b.type IN ('BrokerAccepted', 'SendInDoubt', 'Adopted')))"
            + " ORDER BY j.subject, j.seq";

    /** Open orders of every day. */
    static final String OPEN = OF_ORDERS + " WHERE o.terminal = 0 ORDER BY j.subject, j.seq";

    private static final String OF_DAY = OF_ORDERS + " WHERE o.trading_day = ? ORDER BY j.subject, j.seq";

    /** Control events are about their own stream; a condition on the stream, too, would prevent SQLite from using the index. */
    private static final String CONTROL =
            "SELECT " + JournalRows.COLUMNS + " FROM journal" + " WHERE subject = stream AND type = ?";

    /** Fills in the order of their recording, with all that a list of them is filtered by: no event is read to skip it. */
    private static final String FILLS_INDEX = "CREATE INDEX IF NOT EXISTS journal_fills"
            + " ON journal(at_us, stream, seq, trading_day, subject, type) WHERE type = 'Filled'";

    private static final String FILLS_OF_INDEX = "SELECT at_us, stream, seq FROM journal WHERE type = 'Filled'";

    private static final String FILLS_UNSORTED =
            "SELECT j.stream, j.seq, j.at_us, j.trading_day, j.type, j.v, j.fence, j.subject,"
                    + " j.payload, j.crc FROM (%s) k CROSS JOIN journal j WHERE j.stream = k.stream AND j.seq = k.seq";

    private static final String FILLS = FILLS_UNSORTED + " ORDER BY k.at_us DESC, k.stream DESC, k.seq DESC";

    /** The index has this order, so nothing is sorted. */
    private static final String FILLS_ASCENDING = FILLS_UNSORTED + " ORDER BY k.at_us, k.stream, k.seq";

    /** Its parameter is the order. */
    private static final String FIRST_OF_ORDER =
            "SELECT " + JournalRows.COLUMNS + " FROM journal" + " WHERE subject = ? ORDER BY seq LIMIT 1";

    /** Its parameters are the stream and the position. */
    private static final String FILL_TIME =
            "SELECT at_us FROM journal WHERE stream = ? AND seq = ? AND type = 'Filled'";

    /** Its parameters are the type and the limit. */
    static final String LAST_CONTROL = CONTROL + " ORDER BY seq DESC LIMIT ?";

    /** Its parameters are the type and the key. */
    static String controlOfKey(Dialect dialect) {
        return CONTROL + " AND " + dialect.member("payload", "key") + " = ?";
    }

    /** Dry runs and assignments of aliases that are read: more than a gateway has accounts. */
    private static final int MAX_OF_ACCOUNTS = 1_000;

    private static final String SELECT_KEY = "SELECT hash, order_id, kind FROM idempotency WHERE scope = ? AND key = ?";

    /** Its parameters are the scopes and the keys; each is looked up as by {@link #SELECT_KEY}. */
    private static final String SELECT_KEYS_IN_POSTGRES = "SELECT i.hash, i.order_id, i.kind, n.scope, n.key"
            + " FROM unnest(?::text[], ?::text[]) AS n(scope, key), LATERAL (SELECT hash, order_id, kind"
            + " FROM idempotency u WHERE u.scope = n.scope AND u.key = n.key LIMIT 1) i";

    private final OrderEventJson json = new OrderEventJson();
    private final ControlEventJson controlJson = new ControlEventJson();

    /**
     * The filter of a list of orders; an absent part matches all.
     *
     * @param statuses in the journal's spelling
     * @param principal name of the API key that placed them
     */
    public record Filter(
            Optional<Set<String>> accounts,
            Optional<Set<OrderStatus>> statuses,
            Optional<Set<String>> symbols,
            Optional<String> strategy,
            Optional<LocalDate> day,
            Optional<String> principal) {
        /** Whether every order passes. */
        boolean isEmpty() {
            return accounts.isEmpty()
                    && statuses.isEmpty()
                    && symbols.isEmpty()
                    && strategy.isEmpty()
                    && day.isEmpty()
                    && principal.isEmpty();
        }
    }

    /**
     * The filter of a list of fills; an absent part matches all.
     *
     * @param orders which orders' fills
     * @param from first trading day
     * @param to last trading day
     * @param order the only order
     */
    public record FillFilter(
            Filter orders,
            Optional<LocalDate> from,
            Optional<LocalDate> to,
            Optional<Side> side,
            Optional<OrderId> order) {
        private FillFilter ofAnyAccount() {
            var ofAnyAccount = new Filter(
                    Optional.empty(),
                    orders.statuses(),
                    orders.symbols(),
                    orders.strategy(),
                    orders.day(),
                    orders.principal());
            return new FillFilter(ofAnyAccount, from, to, side, order);
        }
    }

    /** The place of a fill in the order of their recording. */
    record FillMark(long atMicros, String stream, long seq) {
        private static FillMark of(JournalEntry entry) {
            return new FillMark(ChronoUnit.MICROS.between(Instant.EPOCH, entry.at()), entry.stream(), entry.seq());
        }
    }

    /** @param next where the next page begins; empty on the last one */
    record FillPage(List<RecordedFill> fills, Optional<FillMark> next) {}

    /** The position of a fill in the journal, which a page ends with. */
    public record FillPosition(String stream, long seq) {}

    /**
     * A fill, with the facts of its order that never change.
     *
     * @param seq its position in the account's stream
     * @param at when it was recorded
     * @param external whether the order was placed elsewhere
     */
    public record RecordedFill(
            long seq, Instant at, LocalDate tradingDay, OrderId order, Terms terms, boolean external, Fill fill) {}

    @Override
    public List<String> names() {
        return List.of("orders", "idempotency");
    }

    @Override
    public void create(Connection connection) throws SQLException {
        var dialect = Dialect.of(connection);
        Statements.execute(
                connection,
                dialect.createTable("orders", ORDERS),
                "CREATE INDEX IF NOT EXISTS orders_open ON orders(terminal) WHERE terminal = 0",
                "CREATE INDEX IF NOT EXISTS orders_day ON orders(trading_day)",
                dialect.createTable("idempotency", IDEMPOTENCY));
    }

    @Override
    public void createIndexes(Connection connection) throws SQLException {
        Statements.execute(connection, FILLS_INDEX);
    }

    @Override
    public void migrate(Connection connection, int from) throws SQLException {
        if (from == 1) {
            Statements.execute(
                    connection,
                    "ALTER TABLE orders ADD COLUMN external INTEGER NOT NULL DEFAULT 0",
                    "ALTER TABLE idempotency RENAME TO idempotency_1",
                    Dialect.SQLITE.createTable("idempotency", IDEMPOTENCY),
                    "INSERT INTO idempotency(scope, key, hash, order_id, kind, trading_day)"
                            + " SELECT scope, key, hash, order_id,"
                            + " CASE cancel WHEN 0 THEN 'PLACE' ELSE 'CANCEL' END, trading_day FROM idempotency_1",
                    "DROP TABLE idempotency_1");
        }
    }

    @Override
    public Journal.Replay replay(Connection fresh) {
        return new OrderReplayStore(this, fresh);
    }

    @Override
    public Optional<String> endedSubjectsQuery() {
        return Optional.of("SELECT order_id FROM orders WHERE terminal = 1 AND trading_day < ?");
    }

    @Override
    public void deleteSubjects(Connection connection) throws SQLException {
        Statements.execute(
                connection,
                "DELETE FROM idempotency WHERE order_id IN (SELECT subject FROM gone)",
                "DELETE FROM orders WHERE order_id IN (SELECT subject FROM gone)");
    }

    /**
     * The statements of each commit and each placing, compiled once per open journal.
     *
     * @param priors finds the uses of several keys in one round trip; empty where there is none to save, in a file
     */
    record DeskStatements(RowBatch keys, RowBatch orders, PreparedStatement prior, Optional<PreparedStatement> priors) {
        /** They close with {@code connection}. */
        static DeskStatements on(Connection connection) throws SQLException {
            return new DeskStatements(
                    keyRows(connection),
                    orderRows(connection),
                    connection.prepareStatement(SELECT_KEY),
                    Dialect.of(connection) == Dialect.POSTGRES
                            ? Optional.of(connection.prepareStatement(SELECT_KEYS_IN_POSTGRES))
                            : Optional.empty());
        }
    }

    /** Writes events and updates the query tables, durably, in one commit. */
    void commit(
            Journal journal,
            DeskStatements statements,
            List<RecordedEvent> events,
            List<RecordedControlEvent> control,
            List<OrderCore.RecordedAppend> appends,
            Map<OrderId, Order> after) {
        List<JournalEntry> entries = new ArrayList<>(events.size() + control.size());
        for (OrderCore.RecordedAppend append : appends) {
            addEntries(append, journal.fence(), entries);
        }
        for (RecordedControlEvent event : control) {
            entries.add(new JournalEntry(
                    ControlEvent.STREAM,
                    event.seq(),
                    event.at(),
                    event.at().atZone(TradingCalendar.SEOUL).toLocalDate(),
                    ControlEventJson.type(event.event()),
                    ControlEventJson.VERSION,
                    journal.fence(),
                    ControlEvent.STREAM,
                    controlJson.write(event.event())));
        }
        for (RecordedEvent event : events) {
            entries.add(new JournalEntry(
                    event.stream(),
                    event.seq(),
                    event.at(),
                    event.after().tradingDay(),
                    OrderEventJson.type(event.event()),
                    OrderEventJson.VERSION,
                    journal.fence(),
                    event.event().order().text(),
                    json.write(event.event())));
        }
        addKeys(statements.keys(), events);
        addOrders(statements.orders(), after);
        journal.commit(entries, List.of(statements.keys(), statements.orders()), connection -> {
            for (OrderCore.RecordedAppend append : appends) {
                append.append().tables().run(connection);
            }
        });
    }

    private static void addEntries(OrderCore.RecordedAppend recorded, long fence, List<JournalEntry> entries) {
        long seq = recorded.firstSeq();
        for (JournalAppend.Draft draft : recorded.append().entries()) {
            entries.add(new JournalEntry(
                    recorded.append().stream(),
                    seq++,
                    recorded.at(),
                    draft.tradingDay(),
                    draft.type(),
                    draft.version(),
                    fence,
                    draft.subject(),
                    draft.payload()));
        }
    }

    /** Updates the query tables with {@code events}. */
    static void writeTables(Connection connection, List<RecordedEvent> events, Map<OrderId, Order> after)
            throws SQLException {
        try (RowBatch keys = keyRows(connection);
                RowBatch orders = orderRows(connection)) {
            addKeys(keys, events);
            addOrders(orders, after);
            keys.execute();
            orders.execute();
        }
    }

    private static RowBatch keyRows(Connection connection) throws SQLException {
        return new RowBatch(
                connection,
                "idempotency",
                List.of(
                        Column.text("scope"),
                        Column.text("key"),
                        Column.text("hash"),
                        Column.text("order_id"),
                        Column.text("kind"),
                        Column.text("trading_day")),
                "");
    }

    private static RowBatch orderRows(Connection connection) throws SQLException {
        return new RowBatch(
                connection,
                "orders",
                List.of(
                        Column.text("order_id"),
                        Column.text("account"),
                        Column.text("trading_day"),
                        Column.text("status"),
                        Column.text("symbol"),
                        Column.text("strategy"),
                        Column.integer("terminal"),
                        Column.integer("external")),
                "ON CONFLICT(order_id) DO UPDATE SET status = excluded.status, terminal = excluded.terminal");
    }

    private static void addKeys(RowBatch rows, List<RecordedEvent> events) {
        for (RecordedEvent event : events) {
            switch (event.event()) {
                case OrderEvent.Accepted e ->
                    addKey(
                            rows,
                            e.key(),
                            e.order(),
                            KeyUse.Kind.PLACE,
                            event.after().tradingDay());
                case OrderEvent.CancelRequested e ->
                    addKey(
                            rows,
                            e.key(),
                            e.order(),
                            KeyUse.Kind.CANCEL,
                            event.after().tradingDay());
                case OrderEvent.ModifyRequested e ->
                    addKey(
                            rows,
                            e.key(),
                            e.order(),
                            KeyUse.Kind.MODIFY,
                            event.after().tradingDay());
                case OrderEvent.ReplaceRequested e ->
                    addKey(
                            rows,
                            e.key(),
                            e.order(),
                            KeyUse.Kind.MODIFY,
                            event.after().tradingDay());
                case OrderEvent.ReplaceEnded e -> {
                    if (e.key().isPresent()) {
                        addKey(
                                rows,
                                e.key().get(),
                                e.order(),
                                KeyUse.Kind.CANCEL,
                                event.after().tradingDay());
                    }
                }
                case OrderEvent.Resolved e ->
                    addKey(
                            rows,
                            e.key(),
                            e.order(),
                            KeyUse.Kind.RESOLVE,
                            event.after().tradingDay());
                default -> {
                    // no other event consumes a key
                }
            }
        }
    }

    private static void addKey(RowBatch rows, KeyUse use, OrderId order, KeyUse.Kind kind, LocalDate day) {
        rows.add(use.scope(), use.key(), use.hash(), order.text(), kind.name(), day.toString());
    }

    private static void addOrders(RowBatch rows, Map<OrderId, Order> after) {
        for (Order order : after.values()) {
            rows.add(
                    order.id().text(),
                    order.terms().accountId(),
                    order.tradingDay().toString(),
                    order.status().name(),
                    order.terms().symbol().code(),
                    order.terms().strategyId().orElse(null),
                    order.status().isTerminal() ? 1L : 0L,
                    order.external() ? 1L : 0L);
        }
    }

    /**
     * Open orders, all of the markets' trading days, and those of the last day before them that its list may still change,
     * folded from their events.
     *
     * @param today the earlier of the trading days
     * @param later the later one, or the same
     */
    List<Order> openAndToday(Connection connection, LocalDate today, LocalDate later) throws SQLException {
        Map<OrderId, Order> orders = new LinkedHashMap<>();
        try (PreparedStatement select = connection.prepareStatement(OPEN_AND_TODAY)) {
            select.setString(1, today.toString());
            select.setString(2, later.toString());
            select.setString(3, today.toString());
            JournalRows.forEach(select, entry -> fold(orders, entry));
        }
        Set<LocalDate> loadedDays = new HashSet<>(List.of(today, later));
        orders.values().stream().filter(o -> !o.status().isTerminal()).forEach(o -> loadedDays.add(o.tradingDay()));
        // Searching an order closed as not found in its day's list takes all other orders of that day.
        Set<LocalDate> daysToLoad = orders.values().stream()
                .filter(Order::isClosedInDoubt)
                .map(Order::tradingDay)
                .filter(day -> !loadedDays.contains(day))
                .collect(Collectors.toSet());
        for (LocalDate day : daysToLoad) {
            orders.values().removeIf(order -> order.tradingDay().equals(day));
            try (PreparedStatement select = connection.prepareStatement(OF_DAY)) {
                select.setString(1, day.toString());
                JournalRows.forEach(select, entry -> fold(orders, entry));
            }
            loadedDays.add(day);
        }
        return orders.values().stream()
                .filter(o -> loadedDays.contains(o.tradingDay()) || o.mayStillChange())
                .toList();
    }

    /** The events that still matter and concern more than one order, oldest first. */
    List<ControlEvent> controlEvents(Connection connection) throws SQLException {
        List<JournalEntry> entries = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(LAST_CONTROL)) {
            lastEvents(select, ControlEvent.KillSwitchSet.class, 1, entries);
            lastEvents(select, ControlEvent.LimitsSet.class, 1, entries);
            lastEvents(select, ControlEvent.DryRunPassed.class, MAX_OF_ACCOUNTS, entries);
            lastEvents(select, ControlEvent.AliasAssigned.class, MAX_OF_ACCOUNTS, entries);
            lastEvents(select, ControlEvent.CancelAllRequested.class, IdempotencyKeys.CANCEL_ALL_CALLS, entries);
        }
        entries.sort(Comparator.comparingLong(JournalEntry::seq));
        return entries.stream().map(this::readControl).toList();
    }

    private static void lastEvents(
            PreparedStatement select, Class<? extends ControlEvent> type, int count, List<JournalEntry> entries)
            throws SQLException {
        select.setString(1, ControlEventJson.type(type));
        select.setInt(2, count);
        JournalRows.forEach(select, entries::add);
    }

    /** An earlier call that cancelled many orders under this key, of any age. */
    Optional<ControlEvent.CancelAllRequested> cancelAll(Connection connection, KeyUse.Name name) throws SQLException {
        List<ControlEvent.CancelAllRequested> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(controlOfKey(Dialect.of(connection)))) {
            select.setString(1, ControlEventJson.type(ControlEvent.CancelAllRequested.class));
            select.setString(2, name.key());
            JournalRows.forEach(select, entry -> {
                if (readControl(entry) instanceof ControlEvent.CancelAllRequested call
                        && call.key().name().equals(name)) {
                    found.add(call);
                }
            });
        }
        return found.stream().findFirst();
    }

    /** @throws kr.kisgateway.gateway.journal.JournalException when this release cannot read it */
    ControlEvent readControl(JournalEntry entry) {
        return controlJson.read(entry);
    }

    /** The order, folded from its events. */
    Optional<Order> find(Connection connection, OrderId id) throws SQLException {
        Map<OrderId, Order> orders = new HashMap<>();
        JournalRows.entriesOf(connection, id.text(), entry -> fold(orders, entry));
        return Optional.ofNullable(orders.get(id));
    }

    /** An earlier use of the key, of any age. */
    static Optional<OrderInput.PriorUse> priorUse(Connection connection, KeyUse.Name name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT_KEY)) {
            return priorUse(select, name);
        }
    }

    static Optional<OrderInput.PriorUse> priorUse(PreparedStatement select, KeyUse.Name name) throws SQLException {
        select.setString(1, name.scope());
        select.setString(2, name.key());
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(priorUse(row)) : Optional.empty();
        }
    }

    private static OrderInput.PriorUse priorUse(ResultSet row) throws SQLException {
        return new OrderInput.PriorUse(
                row.getString(1), new OrderId(row.getString(2)), KeyUse.Kind.valueOf(row.getString(3)));
    }

    /** The earlier uses of those of {@code names} that were used, of any age. */
    static Map<KeyUse.Name, OrderInput.PriorUse> priorUses(PreparedStatement select, List<KeyUse.Name> names)
            throws SQLException {
        Connection connection = select.getConnection();
        select.setArray(
                1,
                connection.createArrayOf(
                        "text", names.stream().map(KeyUse.Name::scope).toArray()));
        select.setArray(
                2,
                connection.createArrayOf(
                        "text", names.stream().map(KeyUse.Name::key).toArray()));
        Map<KeyUse.Name, OrderInput.PriorUse> found = new HashMap<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.put(new KeyUse.Name(row.getString(4), row.getString(5)), priorUse(row));
            }
        }
        return found;
    }

    /** Ids of orders that pass the filter, newest first, older than {@code before} if it is given. */
    static List<OrderId> list(Connection connection, Filter filter, Optional<OrderId> before, int limit)
            throws SQLException {
        List<String> conditions = new ArrayList<>(List.of("1 = 1"));
        List<String> values = new ArrayList<>();
        addConditions(filter, conditions, values);
        addCondition(before.map(OrderId::text), "order_id < ?", conditions, values);
        String sql = "SELECT order_id FROM orders WHERE " + String.join(" AND ", conditions)
                + " ORDER BY order_id DESC LIMIT " + limit;
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            bind(select, values);
            List<OrderId> ids = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(new OrderId(row.getString(1)));
                }
            }
            return ids;
        }
    }

    private static void bind(PreparedStatement select, List<String> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            select.setString(i + 1, values.get(i));
        }
    }

    /** The conditions of {@code filter} on the table {@code orders}. */
    private static void addConditions(Filter filter, List<String> conditions, List<String> values) {
        addInCondition(filter.accounts(), "account", conditions, values);
        addInCondition(
                filter.statuses().map(all -> all.stream().map(OrderStatus::name).collect(Collectors.toSet())),
                "status",
                conditions,
                values);
        addInCondition(filter.symbols(), "symbol", conditions, values);
        addCondition(filter.strategy(), "strategy = ?", conditions, values);
        addCondition(filter.day().map(LocalDate::toString), "trading_day = ?", conditions, values);
        filter.principal().ifPresent(name -> {
            // A scope is name/account, and 0 follows the slash: the range is that name's, by the key of the table.
            conditions.add("order_id IN (SELECT order_id FROM idempotency WHERE scope > ? AND scope < ? AND kind = ?)");
            values.addAll(List.of(name + "/", name + "0", KeyUse.Kind.PLACE.name()));
        });
    }

    /** Whether the journal has a fill there, and when it was recorded: microseconds since 1970. */
    private static OptionalLong fillTime(Connection connection, FillPosition position) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(FILL_TIME)) {
            select.setString(1, position.stream());
            select.setLong(2, position.seq());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    /**
     * Fills that pass the filter, the last recorded first, before {@code before} if it is given; empty when the journal has
     * no fill there.
     */
    Optional<List<RecordedFill>> fills(
            Connection connection, FillFilter filter, Optional<FillPosition> before, int limit) throws SQLException {
        List<String> conditions = new ArrayList<>();
        List<String> values = new ArrayList<>();
        addConditions(Dialect.of(connection), filter, conditions, values);
        List<JournalEntry> entries = new ArrayList<>();
        Optional<FillPosition> after = before;
        while (entries.size() < limit) {
            List<JournalEntry> page = new ArrayList<>();
            int missing = limit - entries.size();
            if (!addFills(connection, conditions, values, after, missing, page)) {
                return Optional.empty();
            }
            page.stream().filter(this::hasShares).forEach(entries::add);
            if (page.size() < missing) {
                break;
            }
            after = Optional.of(
                    new FillPosition(page.getLast().stream(), page.getLast().seq()));
        }
        Map<String, OrderEvent> first = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(FIRST_OF_ORDER)) {
            for (JournalEntry entry : entries) {
                if (!first.containsKey(entry.subject())) {
                    first.put(entry.subject(), firstEvent(select, entry.subject()));
                }
            }
        }
        return Optional.of(entries.stream()
                .map(entry -> recordedFill(entry, Objects.requireNonNull(first.get(entry.subject()))))
                .toList());
    }

    /**
     * The next fills that match, in the order of their recording.
     *
     * @param after end of the page before; empty for the first
     * @param limit entries that are read, fills without shares among them
     */
    FillPage fillsAfter(Connection connection, FillFilter filter, Optional<FillMark> after, int limit)
            throws SQLException {
        List<String> conditions = new ArrayList<>();
        List<String> values = new ArrayList<>();
        addConditions(Dialect.of(connection), filter, conditions, values);
        after.ifPresent(mark -> {
            conditions.add("(at_us, stream, seq) > (CAST(? AS BIGINT), ?, CAST(? AS BIGINT))");
            values.addAll(List.of(Long.toString(mark.atMicros()), mark.stream(), Long.toString(mark.seq())));
        });
        String keys =
                FILLS_OF_INDEX + conditions.stream().map(it -> " AND " + it).collect(Collectors.joining())
                        + " ORDER BY at_us, stream, seq LIMIT " + limit;
        List<JournalEntry> entries = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(FILLS_ASCENDING.formatted(keys))) {
            bind(select, values);
            JournalRows.forEach(select, entries::add);
        }
        Map<String, OrderEvent> first = new HashMap<>();
        List<RecordedFill> fills = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(FIRST_OF_ORDER)) {
            for (JournalEntry entry : entries) {
                if (!first.containsKey(entry.subject())) {
                    first.put(entry.subject(), firstEvent(select, entry.subject()));
                }
                RecordedFill fill = recordedFill(entry, Objects.requireNonNull(first.get(entry.subject())));
                if (fill.fill().qty() > 0) {
                    fills.add(fill);
                }
            }
        }
        return new FillPage(
                fills, entries.size() < limit ? Optional.empty() : Optional.of(FillMark.of(entries.getLast())));
    }

    private OrderEvent firstEvent(PreparedStatement select, String subject) throws SQLException {
        List<OrderEvent> found = new ArrayList<>();
        select.setString(1, subject);
        JournalRows.forEach(select, it -> found.add(json.read(it)));
        return found.getFirst();
    }

    private static void addConditions(Dialect dialect, FillFilter fills, List<String> conditions, List<String> values) {
        // The fills of an account are the stream of its name: no order has to be looked up for them, of which it has
        // all of its
        // years. The empty text as below.
        addInCondition(fills.orders().accounts(), "stream || ''", conditions, values);
        FillFilter filter = fills.ofAnyAccount();
        addCondition(filter.order().map(OrderId::text), "subject = ?", conditions, values);
        addCondition(filter.from().map(LocalDate::toString), "trading_day >= ?", conditions, values);
        addCondition(filter.to().map(LocalDate::toString), "trading_day <= ?", conditions, values);
        if (!filter.orders().isEmpty()) {
            List<String> ofOrders = new ArrayList<>();
            addConditions(filter.orders(), ofOrders, values);
            // The empty text: in the order of the fills, each looked up in the set, not order by order and sorted
            // afterwards.
            conditions.add(
                    "subject || '' IN (SELECT order_id FROM orders WHERE " + String.join(" AND ", ofOrders) + ")");
        }
        addCondition(
                filter.side().map(Side::name),
                "EXISTS (SELECT 1 FROM journal f WHERE f.subject = journal.subject"
                        + " AND f.type IN ('Accepted', 'Adopted') AND " + dialect.member("f.payload", "side") + " = ?)",
                conditions,
                values);
    }

    /** Adds the events of one page, also those that count no shares; false when the journal has no fill at {@code before}. */
    private static boolean addFills(
            Connection connection,
            List<String> conditions,
            List<String> values,
            Optional<FillPosition> before,
            int limit,
            List<JournalEntry> page)
            throws SQLException {
        List<String> all = new ArrayList<>(conditions);
        List<String> parameters = new ArrayList<>(values);
        if (before.isPresent()) {
            OptionalLong at = fillTime(connection, before.get());
            if (at.isEmpty()) {
                return false;
            }
            all.add("(at_us, stream, seq) < (CAST(? AS BIGINT), ?, CAST(? AS BIGINT))");
            parameters.addAll(List.of(
                    Long.toString(at.getAsLong()),
                    before.get().stream(),
                    Long.toString(before.get().seq())));
        }
        String keys = FILLS_OF_INDEX + all.stream().map(it -> " AND " + it).collect(Collectors.joining())
                + " ORDER BY at_us DESC, stream DESC, seq DESC LIMIT " + limit;
        try (PreparedStatement select = connection.prepareStatement(FILLS.formatted(keys))) {
            bind(select, parameters);
            JournalRows.forEach(select, page::add);
        }
        return true;
    }

    /** Whether the fill counts: one that the broker's list had shown before its notice has no shares left. */
    private boolean hasShares(JournalEntry entry) {
        return json.read(entry) instanceof OrderEvent.Filled filled
                && filled.fill().qty() > 0;
    }

    private RecordedFill recordedFill(JournalEntry entry, OrderEvent first) {
        Terms terms = switch (first) {
            case OrderEvent.Accepted e -> e.terms();
            case OrderEvent.Adopted e -> e.terms();
            default ->
                throw JournalException.damaged("order " + entry.subject() + " has no acceptance before its fill");
        };
        if (!(json.read(entry) instanceof OrderEvent.Filled filled)) {
            throw JournalException.damaged("entry " + entry.stream() + "/" + entry.seq() + " is no fill");
        }
        return new RecordedFill(
                entry.seq(),
                entry.at(),
                entry.tradingDay(),
                filled.order(),
                terms,
                first instanceof OrderEvent.Adopted,
                filled.fill());
    }

    private static void addInCondition(
            Optional<Set<String>> selected, String column, List<String> conditions, List<String> values) {
        selected.ifPresent(each -> {
            conditions.add(column + " IN (" + String.join(",", Collections.nCopies(each.size(), "?")) + ")");
            values.addAll(each);
        });
    }

    private static void addCondition(Optional<String> value, String sql, List<String> conditions, List<String> values) {
        if (value.isPresent()) {
            conditions.add(sql);
            values.add(value.get());
        }
    }

    private static final String AFTER =
            "SELECT " + JournalRows.COLUMNS + " FROM journal WHERE stream = ? AND seq >= ? AND %s ORDER BY seq LIMIT ?";

    private static final String ALL_AFTER = AFTER.formatted("true");
    /** Of a day's events the fills are few, and the others are not decoded. */
    private static final String FILLS_AFTER = AFTER.formatted("type = '" + OrderEventJson.FILLED + "'");

    /** The last used position of the stream, and the last one that is no longer retained. */
    record StreamBounds(long last, long pruned) {}

    static StreamBounds streamBounds(Connection connection, String stream) throws SQLException {
        return new StreamBounds(
                number(connection, "SELECT last_seq FROM streams WHERE stream = ?", stream),
                number(connection, "SELECT last_seq FROM pruned WHERE stream = ?", stream));
    }

    private static long number(Connection connection, String sql, String stream) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, stream);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    /** The events of a stream from a position on, each with its order after it, up to {@code limit} of them. */
    List<RecordedEvent> eventsFrom(Connection connection, String stream, long from, int limit) throws SQLException {
        return recorded(connection, ALL_AFTER, stream, from, limit);
    }

    /** The fills of a stream from a position on, each with its order after it, up to {@code limit} of them. */
    List<RecordedEvent> fillsFrom(Connection connection, String stream, long from, int limit) throws SQLException {
        return recorded(connection, FILLS_AFTER, stream, from, limit);
    }

    private List<RecordedEvent> recorded(Connection connection, String sql, String stream, long from, int limit)
            throws SQLException {
        List<JournalEntry> selected = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, stream);
            select.setLong(2, from);
            select.setInt(3, limit);
            JournalRows.forEach(select, selected::add);
        }
        Map<Long, Order> after = new HashMap<>();
        Set<Long> positions = selected.stream().map(JournalEntry::seq).collect(Collectors.toSet());
        for (String subject : selected.stream().map(JournalEntry::subject).collect(Collectors.toSet())) {
            Map<OrderId, Order> folded = new HashMap<>();
            JournalRows.entriesOf(connection, subject, entry -> {
                fold(folded, entry);
                if (positions.contains(entry.seq())) {
                    folded.values().forEach(order -> after.put(entry.seq(), order));
                }
            });
        }
        return selected.stream()
                .map(entry -> new RecordedEvent(
                        entry.stream(),
                        entry.seq(),
                        entry.at(),
                        json.read(entry),
                        Objects.requireNonNull(after.get(entry.seq()))))
                .toList();
    }

    OrderEvent read(JournalEntry entry) {
        return json.read(entry);
    }

    void fold(Map<OrderId, Order> orders, JournalEntry entry) {
        OrderEvent event = json.read(entry);
        orders.compute(event.order(), (_, order) -> {
            if (Order.isFirstEvent(event)) {
                return Order.create(event, entry.at(), entry.seq());
            }
            if (order == null) {
                throw JournalException.damaged(
                        "order " + entry.subject() + " has the event " + entry.type() + " and no acceptance before it");
            }
            return order.apply(event, entry.at(), entry.seq());
        });
    }
}
