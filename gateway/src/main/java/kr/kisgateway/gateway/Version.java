package kr.kisgateway.gateway;

import java.util.Optional;

/** The version of this release, from the manifest of its jar. */
final class Version {
    private Version() {}

    /** As {@code 1.2.0}; {@code development} where the classes are in no jar. */
    static String text() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
