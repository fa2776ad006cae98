package kr.kisgateway.gateway.secret;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Pattern;
import kr.kisgateway.client.Secret;

/**
 * A secret of the file.
 *
 * @param name of the setting that it is, or a name that {@code gateway.yaml} refers to as {@code secret:NAME}
 * @param setAt in whole seconds
 * @param expiresOn the last day in Seoul on which it is valid, where known
 */
public record StoredSecret(String name, Secret value, Instant setAt, Optional<LocalDate> expiresOn) {
    /** Form of a name, for messages. */
    public static final String NAME_RULE = "capital letters, digits and _, at most 64, as KIS_APP_SECRET";

    private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

    public StoredSecret {
        if (!isName(name)) {
            throw new IllegalArgumentException("a name has " + NAME_RULE);
        }
    }

    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }
}
