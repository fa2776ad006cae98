package kr.kisgateway.gateway.watchlist;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.gateway.document.Document;
import kr.kisgateway.gateway.document.DocumentException;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.RequestBody;

/**
 * The watchlists of all callers, in memory and in a document, which is created with the first one and replaced completely with each
 * change.
 */
public final class Watchlists {
    /** Watchlists of one caller. */
    static final int OF_OWNER_MAX = 50;

    /** Watchlists of all callers. */
    static final int TOTAL_MAX = 2_000;

    /** Symbols of one watchlist. */
    static final int SYMBOLS_MAX = 500;

    private static final int FORMAT = 1;

    /** @param owner name of the API key; {@code local} without one */
    private record Id(String owner, String name) implements Comparable<Id> {
        @Override
        public int compareTo(Id other) {
            int byOwner = owner.compareTo(other.owner);
            return byOwner == 0 ? name.compareTo(other.name) : byOwner;
        }
    }

    record Watchlist(String name, List<String> symbols, Instant updatedAt) {
        Watchlist {
            symbols = List.copyOf(symbols);
        }
    }

    private final Document document;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile Map<Id, Watchlist> byId;

    private Watchlists(Document document, Map<Id, Watchlist> byId) {
        this.document = document;
        this.byId = byId;
    }

    /**
     * The watchlists of a document; none when it has no content.
     *
     * @throws DocumentException when it cannot be read, or is damaged
     */
    public static Watchlists open(Document document) {
        return new Watchlists(
                document,
                document.read().map(content -> read(document, content)).orElseGet(TreeMap::new));
    }

    private static Map<Id, Watchlist> read(Document document, byte[] content) {
        var byId = new TreeMap<Id, Watchlist>();
        try {
            var root = RequestBody.parse(content);
            if (root.wholeNumber("format") != FORMAT) {
                throw new DocumentException(
                        "The watchlists in " + document.description() + " are of another release; use that release.",
                        new IllegalStateException("format"));
            }
            // An array exists only with an entry.
            if (root.wholeNumber("count") > 0) {
                for (RequestBody entry : root.objects("watchlists", TOTAL_MAX)) {
                    byId.put(
                            new Id(entry.text("owner"), entry.text("name")),
                            new Watchlist(
                                    entry.text("name"),
                                    entry.texts("symbols", SYMBOLS_MAX),
                                    Instant.ofEpochMilli(entry.wholeNumber("updated_ms"))));
                }
            }
            return byId;
        } catch (RefusedException | DateTimeException e) {
            throw new DocumentException(
                    "The watchlists in " + document.description() + " cannot be read: " + e.getMessage() + " "
                            + document.remedy(),
                    e);
        }
    }

    /** The watchlists of {@code owner}, by name. */
    List<Watchlist> of(String owner) {
        return byId.entrySet().stream()
                .filter(entry -> entry.getKey().owner().equals(owner))
                .map(Map.Entry::getValue)
                .toList();
    }

    int count() {
        return byId.size();
    }

    /**
     * Creates or replaces a watchlist; it is durable when this returns.
     *
     * @return false when the owner, or all owners together, have too many
     * @throws DocumentException when the document cannot be written; nothing changed
     */
    boolean save(String owner, Watchlist watchlist) {
        changing.lock();
        try {
            var id = new Id(owner, watchlist.name());
            boolean isNew = !byId.containsKey(id);
            if (isNew && (of(owner).size() >= OF_OWNER_MAX || byId.size() >= TOTAL_MAX)) {
                return false;
            }
            var next = new TreeMap<>(byId);
            next.put(id, watchlist);
            replace(next);
            return true;
        } finally {
            changing.unlock();
        }
    }

    /**
     * Deletes a watchlist.
     *
     * @return the deleted one; empty when there is none of that name
     * @throws DocumentException when the document cannot be written; nothing changed
     */
    Optional<Watchlist> delete(String owner, String name) {
        changing.lock();
        try {
            var next = new TreeMap<>(byId);
            var deleted = Optional.ofNullable(next.remove(new Id(owner, name)));
            deleted.ifPresent(_ -> replace(next));
            return deleted;
        } finally {
            changing.unlock();
        }
    }

    private void replace(TreeMap<Id, Watchlist> next) {
        var root = new LinkedHashMap<String, Object>();
        root.put("format", FORMAT);
        root.put("count", next.size());
        root.put("watchlists", stored(next.entrySet()));
        document.replace(ApiJson.bytes(root));
        byId = next;
    }

    private static List<Map<String, Object>> stored(Collection<Map.Entry<Id, Watchlist>> entries) {
        return entries.stream()
                .map(entry -> {
                    var watchlist = entry.getValue();
                    var stored = new LinkedHashMap<String, Object>();
                    stored.put("owner", entry.getKey().owner());
                    stored.put("name", watchlist.name());
                    stored.put("symbols", watchlist.symbols());
                    stored.put("updated_ms", watchlist.updatedAt().toEpochMilli());
                    return (Map<String, Object>) stored;
                })
                .toList();
    }
}
