package kr.kisgateway.gateway.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import kr.kisgateway.gateway.secret.SigningKey;

/**
 * Reads the complete audit of a folder, sealed files included, and names the first row that was changed, removed, inserted or moved.
 * A gateway may run meanwhile.
 *
 * <p>The chain alone shows a change of single rows. Rows whose hashes were all computed again are found at the next signature;
 * rows that were cut off at the end by the newest signature, which is beside the store. What was recorded since that signature, a
 * minute at most, is chained and not signed. Weak spot: a copy of the complete folder from before, in its place, is genuine; an
 * exported file or {@code audit.head} kept elsewhere reveals it.
 */
public final class AuditVerifier {
    private static final int STEP = 2_000;
    private static final int FINDINGS_MAX = 100;

    private final Optional<byte[]> trustedKey;
    private final Instant now;
    private final List<String> findings = new ArrayList<>();
    private final Set<String> keys = new TreeSet<>();
    private final Set<String> foreignKeys = new HashSet<>();
    private OptionalLong firstBroken = OptionalLong.empty();
    private long rows;
    private long sealedFiles;
    private long unsigned;
    private byte[] hash = AuditStore.START;
    private long seq;

    /**
     * What was found.
     *
     * @param rows that were read
     * @param sealedFiles that were read
     * @param unsigned rows since the newest signature
     * @param firstBroken number of the first row that is not what was recorded
     * @param findings what is wrong, a sentence each, at most a hundred
     */
    public record Report(long rows, long sealedFiles, long unsigned, OptionalLong firstBroken, List<String> findings) {
        public boolean isClean() {
            return findings.isEmpty();
        }
    }

    private AuditVerifier(Optional<byte[]> trustedKey, Instant now) {
        this.trustedKey = trustedKey;
        this.now = now;
    }

    /**
     * Verifies the audit of {@code folder}.
     *
     * @param trustedKey public part of the gateway's signing key, which its master key vouches for; empty where that is not at hand
     */
    public static Report verify(Path folder, Optional<byte[]> trustedKey, Instant now) {
        return new AuditVerifier(trustedKey, now).run(new AuditFiles(folder));
    }

    /**
     * What was found in a copy.
     *
     * @param first number of its first row
     * @param last number of its last row; before {@code first} where it has none
     * @param keys fingerprints of the keys that signed it
     */
    public record CopyReport(long first, long last, Set<String> keys, Report report) {}

    /** Verifies the rows of a chain that follow {@code before}, and their signatures; not whose these are. */
    static CopyReport verify(AuditChain chain, AuditStore.Head before, Instant now) {
        var verifier = new AuditVerifier(Optional.empty(), now);
        verifier.seq = before.seq();
        verifier.hash = before.hash();
        verifier.checkRows(chain, Optional.empty());
        if (verifier.keys.size() > 1) {
            verifier.add("signatures are of several keys: " + String.join(", ", verifier.keys));
        }
        return new CopyReport(before.seq() + 1, verifier.seq, Set.copyOf(verifier.keys), verifier.report());
    }

    /** The first row after the last signature that does not follow the one before. */
    static Optional<Long> firstBrokenSinceCheckpoint(AuditStore store) {
        long signed = store.lastCheckpoint();
        var checkpoint = store.checkpointsFrom(signed, 1).stream().findFirst();
        if (checkpoint.isEmpty()) {
            return Optional.empty();
        }
        byte[] hash = checkpoint.get().hash();
        long seq = signed;
        for (var rows = store.rowsAfter(seq, STEP); !rows.isEmpty(); rows = store.rowsAfter(seq, STEP)) {
            for (var row : rows) {
                if (row.seq() != seq + 1 || !row.follows(hash)) {
                    return Optional.of(seq + 1);
                }
                seq = row.seq();
                hash = row.hash();
            }
        }
        return Optional.empty();
    }

    private Report run(AuditFiles files) {
        // First of all: what is added meanwhile must not look as if it were missing.
        var newest = files.head();
        try (var store = AuditStore.openForReading(files.store())) {
            store.freeze();
            var seals = store.seals();
            for (var seal : seals) {
                check(files, seal);
            }
            checkRows(store, newest.filter(AuditCheckpoint::isGenuine));
            checkEnd(newest);
        }
        foreignKeys.forEach(key -> add("signatures are of the key " + key
                + ", for which the gateway's master key does not vouch (was the master key replaced or lost?)"));
        return report();
    }

    private Report report() {
        return new Report(rows, sealedFiles, unsigned, firstBroken, List.copyOf(findings));
    }

    private void add(String finding) {
        if (findings.size() < FINDINGS_MAX) {
            findings.add(finding);
        }
    }

    private void addBroken(long row, String finding) {
        if (firstBroken.isEmpty() || firstBroken.getAsLong() > row) {
            firstBroken = OptionalLong.of(row);
        }
        add(finding);
    }

    private void checkKey(byte[] publicKey) {
        keys.add(SigningKey.fingerprint(publicKey));
        if (trustedKey.filter(it -> !Arrays.equals(it, publicKey)).isPresent()) {
            foreignKeys.add(SigningKey.fingerprint(publicKey));
        }
    }

    // ---- sealed files ----

    private void check(AuditFiles files, AuditSeal seal) {
        String name = seal.fileName();
        if (!seal.isGenuine()) {
            addBroken(seal.first(), "the seal of " + name + " was changed");
        }
        checkKey(seal.publicKey());
        if (seal.first() != seq + 1) {
            addBroken(seq + 1, "rows " + (seq + 1) + " to " + (seal.first() - 1) + " are missing before " + name);
        } else if (!Arrays.equals(seal.before(), hash)) {
            addBroken(seal.first(), name + " does not continue the chain at row " + seal.first());
        }
        if (seal.removedAt().isPresent()) {
            checkRemoved(seal, seal.removedAt().get());
        } else {
            checkFile(files, seal);
        }
        seq = seal.last();
        hash = seal.after();
    }

    private void checkRemoved(AuditSeal seal, Instant at) {
        var month = AuditArchiver.month(at);
        if (!seal.month().plusMonths(AuditArchiver.KEEP_MONTHS).isBefore(month) || at.isAfter(now)) {
            addBroken(
                    seal.first(), seal.fileName() + " was removed in " + month + ", before its seven years were over");
        }
    }

    private void checkFile(AuditFiles files, AuditSeal seal) {
        String name = seal.fileName();
        var file = files.archive(seal);
        if (!Files.isRegularFile(file)) {
            addBroken(seal.first(), name + " is missing, with rows " + seal.first() + " to " + seal.last());
            return;
        }
        if (files.sealBeside(seal).filter(seal::isSameAs).isEmpty()) {
            add("the seal beside " + name + " was changed or is missing");
        }
        sealedFiles++;
        seq = seal.first() - 1;
        hash = seal.before();
        try {
            if (!Arrays.equals(AuditFiles.sha256(file), seal.sha256())) {
                add(name + " was changed");
            }
            files.read(seal, this::checkRow);
        } catch (IOException e) {
            addBroken(seq + 1, name + " cannot be read after row " + seq + ": " + e.getMessage());
            return;
        }
        if (seq != seal.last()) {
            addBroken(seq + 1, "rows " + (seq + 1) + " to " + seal.last() + " are missing in " + name);
        } else if (!Arrays.equals(hash, seal.after())) {
            addBroken(seal.first(), name + " has another chain than its seal");
        }
    }

    // ---- the store ----

    /** Checks that a row follows the one before, and continues with it as it is: each break is reported once. */
    private void checkRow(AuditRow row) {
        rows++;
        if (row.seq() > seq + 1) {
            addBroken(
                    seq + 1,
                    row.seq() == seq + 2
                            ? "row " + (seq + 1) + " is missing"
                            : "rows " + (seq + 1) + " to " + (row.seq() - 1) + " are missing");
        } else if (row.seq() <= seq) {
            addBroken(row.seq(), "row " + row.seq() + " stands after row " + seq);
        } else if (!row.follows(hash)) {
            addBroken(row.seq(), "row " + row.seq() + " was changed");
        }
        if (row.entry().source() == AuditSource.GATEWAY
                && (row.entry().call().equals(AuditReports.ROWS_MISSING)
                        || row.entry().call().equals(AuditReports.CHAIN_BROKEN))) {
            add("row " + row.seq() + " reports what a start found: "
                    + row.entry().call() + ", " + row.entry().parameters());
        }
        seq = row.seq();
        hash = row.hash();
    }

    private void checkRows(AuditChain store, Optional<AuditCheckpoint> newest) {
        var missing = newest.filter(it -> it.seq() > seq
                && store.checkpointsFrom(it.seq(), 1).stream().noneMatch(other -> other.seq() == it.seq()));
        missing.ifPresent(it -> add("the signature of row " + it.seq() + " is missing in the store"));
        var checkpoints = new Checkpoints(store, seq + 1, missing);
        long signed = seq;
        for (var part = store.rowsAfter(seq, STEP); !part.isEmpty(); part = store.rowsAfter(seq, STEP)) {
            for (var row : part) {
                checkRow(row);
                for (var next = checkpoints.nextUpTo(seq); next.isPresent(); next = checkpoints.nextUpTo(seq)) {
                    check(next.get(), signed);
                    signed = seq;
                }
            }
        }
        for (var next = checkpoints.nextUpTo(Long.MAX_VALUE);
                next.isPresent();
                next = checkpoints.nextUpTo(Long.MAX_VALUE)) {
            checkKey(next.get().publicKey());
            addBroken(seq + 1, "rows " + (seq + 1) + " to " + next.get().seq() + " are missing at the end");
        }
        unsigned = seq - signed;
    }

    /** The signatures of a chain in their order, a part at a time: a chain of years has hundreds of thousands. */
    private static final class Checkpoints {
        private final AuditChain chain;
        private final ArrayDeque<AuditCheckpoint> part = new ArrayDeque<>();
        private long from;
        private Optional<AuditCheckpoint> further;
        private boolean complete;

        /** @param further one that the chain lacks */
        Checkpoints(AuditChain chain, long from, Optional<AuditCheckpoint> further) {
            this.chain = chain;
            this.from = from;
            this.further = further;
        }

        /** Takes the next one, if it is of a row up to {@code seq}. */
        Optional<AuditCheckpoint> nextUpTo(long seq) {
            if (part.isEmpty() && !complete) {
                part.addAll(chain.checkpointsFrom(from, STEP));
                complete = part.size() < STEP || part.getLast().seq() == Long.MAX_VALUE;
                from = part.isEmpty() ? from : part.getLast().seq() + 1;
            }
            var stored = Optional.ofNullable(part.peekFirst());
            var other = further.filter(
                    it -> stored.isEmpty() || it.seq() < stored.get().seq());
            var next = other.or(() -> stored).filter(it -> it.seq() <= seq);
            if (next.isPresent() && other.isPresent()) {
                further = Optional.empty();
            } else if (next.isPresent()) {
                part.removeFirst();
            }
            return next;
        }
    }

    private void check(AuditCheckpoint checkpoint, long signed) {
        checkKey(checkpoint.publicKey());
        if (!checkpoint.isGenuine()) {
            add("the signature of row " + checkpoint.seq() + " was changed");
        } else if (checkpoint.seq() != seq || !Arrays.equals(checkpoint.hash(), hash)) {
            addBroken(
                    signed + 1,
                    "rows " + (signed + 1) + " to " + checkpoint.seq()
                            + " were replaced: their chain is not the one that was signed");
        }
    }

    private void checkEnd(Optional<AuditCheckpoint> newest) {
        if (newest.isEmpty()) {
            if (seq > unsigned) {
                add("the newest signature (audit.head) is missing: rows may be missing at the end");
            }
            return;
        }
        checkKey(newest.get().publicKey());
        if (!newest.get().isGenuine()) {
            add("the newest signature (audit.head) was changed");
        }
    }
}
