package kr.kisgateway.gateway.parent;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.database.Dialect;
import kr.kisgateway.gateway.database.Statements;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.journal.Journal;
import kr.kisgateway.gateway.journal.JournalAppend;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.journal.JournalRows;
import kr.kisgateway.gateway.order.KeyUse;

/**
 * Parent orders in the journal's file: the events, and the query table {@code parents}, which can be rebuilt from them at any
 * time.
 */
public final class ParentStore implements Journal.Tables {
    private static final String COLUMNS =
            "parent_id TEXT PRIMARY KEY, account TEXT NOT NULL, trading_day TEXT NOT NULL,"
                    + " status TEXT NOT NULL, symbol TEXT NOT NULL, principal TEXT NOT NULL, terminal INTEGER NOT NULL,"
                    + " scope TEXT NOT NULL, key TEXT NOT NULL";

    private static final String UPSERT =
            "INSERT INTO parents(parent_id, account, trading_day, status, symbol, principal, terminal, scope, key)"
                    + " VALUES (?,?,?,?,?,?,?,?,?)"
                    + " ON CONFLICT(parent_id) DO UPDATE SET trading_day = excluded.trading_day,"
                    + " status = excluded.status, terminal = excluded.terminal";

    private static final String OPEN = "SELECT parent_id FROM parents WHERE terminal = 0 ORDER BY parent_id";
    private static final String OF_KEY = "SELECT parent_id FROM parents WHERE scope = ? AND key = ?";

    private static final String OF_NUMBER = "SELECT subject FROM journal WHERE stream = ? AND seq = ?";

    /** Between the symbols of a parent order with several, none of which contains it. */
    private static final String SEPARATOR = ",";

    private final ParentEventJson json = new ParentEventJson();

    /**
     * The filter of a list; an absent part matches all.
     *
     * @param open whether it is open
     * @param principal name of the API key that created it
     */
    public record Filter(
            Optional<Set<String>> accounts,
            Optional<Set<String>> symbols,
            Optional<String> principal,
            Optional<Boolean> open) {
        /** What {@code caller} may see. */
        public static Filter of(Caller caller, Optional<Boolean> open) {
            return new Filter(
                    caller.accounts(),
                    caller.symbols(),
                    caller.ownOrdersOnly() ? Optional.of(caller.name()) : Optional.empty(),
                    open);
        }

        /** The same of one account. */
        Filter ofAccount(String account) {
            return new Filter(Optional.of(Set.of(account)), symbols, principal, open);
        }
    }

    @Override
    public List<String> names() {
        return List.of("parents");
    }

    @Override
    public boolean owns(String subject) {
        return subject.startsWith(ParentId.PREFIX);
    }

    @Override
    public void create(Connection connection) throws SQLException {
        Statements.execute(
                connection,
                Dialect.of(connection).createTable("parents", COLUMNS),
                "CREATE INDEX IF NOT EXISTS parents_open ON parents(terminal) WHERE terminal = 0",
                "CREATE UNIQUE INDEX IF NOT EXISTS parents_key ON parents(scope, key)");
    }

    @Override
    public Journal.Replay replay(Connection fresh) {
        return new Journal.Replay() {
            @Override
            public void replaySubject(String subject, List<JournalEntry> entries) throws SQLException {
                Map<ParentId, Parent> folded = new HashMap<>();
                entries.forEach(entry -> fold(folded, entry));
                write(fresh, List.copyOf(folded.values()));
            }
        };
    }

    @Override
    public Optional<String> endedSubjectsQuery() {
        return Optional.of("SELECT parent_id FROM parents WHERE terminal = 1 AND trading_day < ?");
    }

    @Override
    public void deleteSubjects(Connection connection) throws SQLException {
        Statements.execute(connection, "DELETE FROM parents WHERE parent_id IN (SELECT subject FROM gone)");
    }

    /** The entries of events, and the rows of the parents after them. */
    JournalAppend append(List<ParentEvent> events, List<Parent> after) {
        Map<ParentId, Parent> byId = new HashMap<>();
        after.forEach(parent -> byId.put(parent.id(), parent));
        return new JournalAppend(
                ParentEvent.STREAM,
                events.stream()
                        .map(event -> new JournalAppend.Draft(
                                event.parent().text(),
                                ParentEventJson.type(event),
                                ParentEventJson.VERSION,
                                Objects.requireNonNull(byId.get(event.parent()))
                                        .plan()
                                        .day(),
                                json.write(event)))
                        .toList(),
                connection -> write(connection, after));
    }

    private static void write(Connection connection, List<Parent> parents) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            for (Parent parent : parents) {
                upsert.setString(1, parent.id().text());
                upsert.setString(2, parent.plan().terms().accountId());
                upsert.setString(3, parent.plan().day().toString());
                upsert.setString(4, parent.status());
                upsert.setString(5, String.join(SEPARATOR, parent.plan().symbols()));
                upsert.setString(6, parent.key().principal());
                upsert.setInt(7, parent.isOpen() ? 0 : 1);
                upsert.setString(8, parent.key().scope());
                upsert.setString(9, parent.key().key());
                upsert.executeUpdate();
            }
        }
    }

    /** Every open parent order, oldest first. */
    List<Parent> open(Connection connection) throws SQLException {
        List<Parent> parents = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(OPEN)) {
            for (ParentId id : ids(select)) {
                parents.add(find(connection, id).orElseThrow(() -> missing(id)));
            }
        }
        return parents;
    }

    /** The account of every open parent order, by the order's id, oldest first. */
    public Map<String, String> openAccounts(Connection connection) throws SQLException {
        Map<String, String> accounts = new LinkedHashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT parent_id, account FROM parents WHERE terminal = 0 ORDER BY parent_id");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                accounts.put(rows.getString(1), rows.getString(2));
            }
        }
        return accounts;
    }

    /** Those that pass the filter, newest first, older than {@code before} if it is given. */
    List<Parent> list(Connection connection, Filter filter, Optional<ParentId> before, int limit) throws SQLException {
        List<String> conditions = new ArrayList<>(List.of("1 = 1"));
        List<String> values = new ArrayList<>();
        addIn(filter.accounts(), "account", conditions, values);
        if (filter.symbols().isPresent()) {
            Set<String> symbols = filter.symbols().get();
            conditions.add(Dialect.of(connection).everyPartIn("symbol", SEPARATOR, marks(symbols)));
            values.addAll(symbols);
        }
        addIn(filter.principal().map(Set::of), "principal", conditions, values);
        filter.open().ifPresent(open -> conditions.add("terminal = " + (open ? 0 : 1)));
        before.ifPresent(id -> {
            conditions.add("parent_id < ?");
            values.add(id.text());
        });
        String sql = "SELECT parent_id FROM parents WHERE " + String.join(" AND ", conditions)
                + " ORDER BY parent_id DESC LIMIT " + limit;
        List<Parent> parents = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.size(); i++) {
                select.setString(i + 1, values.get(i));
            }
            for (ParentId id : ids(select)) {
                parents.add(find(connection, id).orElseThrow(() -> missing(id)));
            }
        }
        return parents;
    }

    private static void addIn(
            Optional<Set<String>> selected, String column, List<String> conditions, List<String> values) {
        selected.ifPresent(each -> {
            conditions.add(column + " IN (" + marks(each) + ")");
            values.addAll(each);
        });
    }

    private static String marks(Set<String> values) {
        return String.join(",", Collections.nCopies(values.size(), "?"));
    }

    private static JournalException missing(ParentId id) {
        return JournalException.damaged("parent order " + id + " has a row and no events");
    }

    private static List<ParentId> ids(PreparedStatement select) throws SQLException {
        List<ParentId> ids = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                ids.add(new ParentId(row.getString(1)));
            }
        }
        return ids;
    }

    /** The parent order of a key, of any age. */
    Optional<Parent> ofKey(Connection connection, KeyUse.Name name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(OF_KEY)) {
            select.setString(1, name.scope());
            select.setString(2, name.key());
            List<ParentId> found = ids(select);
            return found.isEmpty() ? Optional.empty() : find(connection, found.getFirst());
        }
    }

    /** The parent order with this number, of any age. */
    Optional<Parent> ofNumber(Connection connection, long number) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(OF_NUMBER)) {
            select.setString(1, ParentEvent.STREAM);
            select.setLong(2, number);
            List<ParentId> found = ids(select);
            return found.isEmpty()
                    ? Optional.empty()
                    : find(connection, found.getFirst()).filter(parent -> parent.number() == number);
        }
    }

    /** The parent order, folded from its events. */
    Optional<Parent> find(Connection connection, ParentId id) throws SQLException {
        Map<ParentId, Parent> folded = new LinkedHashMap<>();
        JournalRows.entriesOf(connection, id.text(), entry -> fold(folded, entry));
        return Optional.ofNullable(folded.get(id));
    }

    private void fold(Map<ParentId, Parent> parents, JournalEntry entry) {
        ParentEvent event = json.read(entry);
        parents.compute(event.parent(), (id, parent) -> {
            if (event instanceof ParentEvent.Accepted accepted && parent == null) {
                return Parent.create(accepted, entry.seq(), entry.at());
            }
            if (parent == null) {
                throw JournalException.damaged(
                        "parent order " + id + " has the event " + entry.type() + " and no acceptance before it");
            }
            return parent.apply(event, entry.seq(), entry.at());
        });
    }
}
