package kr.kisgateway.gateway;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import kr.kisgateway.gateway.secret.MasterKey;

/**
 * Identity of the gateway towards its simulator when none is configured: generated at random once per data folder. The
 * folder stores a random name only; key and secret are derived from it and the master key, so the data contain no
 * secret.
 */
record SimIdentity(String appKey, String appSecret, String cano, String htsId) {
    private static final int KEY_LENGTH = 36;
    private static final int SECRET_LENGTH = 180;

    static SimIdentity of(Path file, MasterKey master, SecureRandom random) {
        return of("", file, master, random);
    }

    /** A further app key {@code id} of the same identity. */
    static SimIdentity ofFurtherKey(String id, Path file, MasterKey master, SecureRandom random) {
        return of(id + " ", file, master, random);
    }

    /** The account {@code alias} beside that of the identity, with a number of its own. */
    static SimIdentity ofFurtherAccount(String alias, Path file, MasterKey master, SecureRandom random) {
        var first = of(file, master, random);
        var number = Long.parseUnsignedLong(
                AppKeyLock.hash(first.cano() + " account " + alias).substring(0, 12), 16);
        return new SimIdentity(
                first.appKey(), first.appSecret(), "%08d".formatted(number % 100_000_000), first.htsId());
    }

    /** The seed of the folder's market: other folders have other markets, and a restart continues this one. */
    static long seed(Path file, SecureRandom random) {
        return Long.parseUnsignedLong(readName(file, random).substring(16), 16);
    }

    private static SimIdentity of(String keyPrefix, Path file, MasterKey master, SecureRandom random) {
        var name = readName(file, random);
        var digits = HexFormat.fromHexDigits(name.substring(0, 7)) % 100_000_000;
        return new SimIdentity(
                master.derive(keyPrefix + "app key of " + name, KEY_LENGTH),
                master.derive(keyPrefix + "app secret of " + name, SECRET_LENGTH),
                "%08d".formatted(digits),
                "sim" + name.substring(0, 8));
    }

    private static String readName(Path file, SecureRandom random) {
        return RandomName.in(file, random, "; restore it from a copy of the data folder.");
    }

    @Override
    public String toString() {
        return "SimIdentity[***]";
    }
}
