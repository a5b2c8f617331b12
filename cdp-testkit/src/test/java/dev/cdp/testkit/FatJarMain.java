package dev.cdp.testkit;

import java.nio.charset.StandardCharsets;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.validation.EventValidator;

/** An application in one jar: it reads its catalog from the class path and validates by it. */
final class FatJarMain {

    private FatJarMain() {}

    public static void main(String[] args) {
        Catalog catalog = Catalog.fromClasspath("cdp/cdp.yaml");
        EventValidator validator = EventValidator.of(catalog);
        byte[] valid = "{\"order_id\":\"o\",\"placed_at\":\"2026-01-02T03:04:05Z\",\"amount_cents\":1}"
                .getBytes(StandardCharsets.UTF_8);
        byte[] invalid = "{\"order_id\":\"\",\"placed_at\":\"2026-01-02T03:04:05Z\",\"amount_cents\":1}"
                .getBytes(StandardCharsets.UTF_8);
        System.out.println(catalog.name() + " " + catalog.hash() + " "
                + validator.validate("order_placed", valid).valid() + " "
                + validator
                        .validate("order_placed", invalid)
                        .violations()
                        .get(0)
                        .path());
    }
}
