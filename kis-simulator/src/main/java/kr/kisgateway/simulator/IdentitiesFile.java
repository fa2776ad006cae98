package kr.kisgateway.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import kr.kisgateway.simulator.broker.Columns;
import kr.kisgateway.simulator.broker.Customers;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.entity.AccountId;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads identities from a YAML file: {@code identities}, a list of entries with {@code face} (live or paper), {@code
 * app_key}, {@code app_secret}, and optionally {@code accounts} (a list of {@code 12345678-01}), {@code hts_id} and
 * {@code columns} (classic or current). Keys, secrets and HTS ids are hashed as they are read; a message about the file never
 * repeats one.
 */
public final class IdentitiesFile {
    private static final long MAX_BYTES = 1024 * 1024;
    private static final Set<String> FIELDS = Set.of("face", "app_key", "app_secret", "accounts", "hts_id", "columns");

    private IdentitiesFile() {}

    /**
     * The identities of the file.
     *
     * @throws IllegalArgumentException when it cannot be read, with every mistake in a sentence
     */
    public static List<Customers.Identity> read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException(
                        "the identities " + file + " are larger than " + MAX_BYTES + " bytes");
            }
            return parse(file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there are no identities " + file, e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the identities " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<Customers.Identity> parse(String name, String text) {
        YAMLMapper yaml = YAMLMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        Map<String, Object> file;
        try {
            file = yaml.readValue(text, new TypeReference<>() {});
        } catch (JacksonException e) {
            // The library's own message quotes the text, which is secret; so it is not passed on, not even as the
            // cause.
            throw new IllegalArgumentException("the identities " + name + " are no YAML");
        }
        if (file == null || !(file.get("identities") instanceof List<?> entries) || file.size() != 1) {
            throw new IllegalArgumentException("the identities " + name + " need one list, called identities");
        }
        List<Customers.Identity> all = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            try {
                all.add(entry(entries.get(i)));
            } catch (IllegalArgumentException e) {
                errors.add("entry " + (i + 1) + ": " + e.getMessage());
            }
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException("the identities " + name + ": " + String.join("; ", errors));
        }
        return all;
    }

    private static Customers.Identity entry(Object entry) {
        if (!(entry instanceof Map<?, ?> fields)) {
            throw new IllegalArgumentException("it has no app_key");
        }
        for (Object field : fields.keySet()) {
            if (!FIELDS.contains(String.valueOf(field))) {
                throw new IllegalArgumentException("it has a field other than " + new TreeSet<>(FIELDS));
            }
        }
        Face face = switch (String.valueOf(fields.get("face"))) {
            case "live" -> Face.LIVE;
            case "paper" -> Face.PAPER;
            default -> throw new IllegalArgumentException("face must be live or paper");
        };
        String key = text(fields, "app_key", "[!-~]{8,64}");
        String secret = text(fields, "app_secret", "[!-~]{16,256}");
        Optional<String> htsId = fields.containsKey("hts_id")
                ? Optional.of(text(fields, "hts_id", "[!-~&&[^\\^|]]{1,20}"))
                : Optional.empty();
        Set<AccountId> accounts = new HashSet<>();
        if (fields.containsKey("accounts")) {
            if (!(fields.get("accounts") instanceof List<?> list)) {
                throw new IllegalArgumentException("accounts must be a list");
            }
            for (Object account : list) {
                accounts.add(account(String.valueOf(account)));
            }
        }
        Customers.Identity identity = Customers.Identity.of(face, key, secret, accounts, htsId);
        return fields.containsKey("columns")
                ? identity.withColumns(columns(String.valueOf(fields.get("columns"))))
                : identity;
    }

    /** @throws IllegalArgumentException when it is neither of them */
    static Columns columns(String field) {
        return switch (field) {
            case "classic" -> Columns.CLASSIC;
            case "current" -> Columns.CURRENT;
            default -> throw new IllegalArgumentException("columns must be classic or current");
        };
    }

    private static AccountId account(String text) {
        String[] parts = text.split("-", -1);
        return (parts.length == 2 ? AccountId.parse(parts[0], parts[1]) : Optional.<AccountId>empty())
                .orElseThrow(() -> new IllegalArgumentException("an account is eight digits, - and two digits"));
    }

    private static String text(Map<?, ?> fields, String field, String pattern) {
        if (fields.get(field) instanceof String text && text.matches(pattern)) {
            return text;
        }
        throw new IllegalArgumentException(field + " is missing, or not a text of the right length in quotes");
    }
}
