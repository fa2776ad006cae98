package kr.kisgateway.client.source;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Collects a value's fields in their order and leaves out absent ones. */
final class Fields {
    private final Map<String, Object> fields = new LinkedHashMap<>();

    Fields with(String name, Object value) {
        fields.put(name, value);
        return this;
    }

    Fields with(String name, Optional<?> value) {
        value.ifPresent(it -> fields.put(name, it));
        return this;
    }

    Fields with(String name, OptionalLong value) {
        value.ifPresent(it -> fields.put(name, it));
        return this;
    }

    Map<String, Object> map() {
        return Collections.unmodifiableMap(fields);
    }
}
