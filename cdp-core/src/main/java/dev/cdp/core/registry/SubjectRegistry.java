package dev.cdp.core.registry;

/** A registry whose subjects take new versions. What reads records needs only {@link SchemaRegistry}. */
public interface SubjectRegistry extends SchemaRegistry {

    /**
     * Registers a schema as the next version of a subject. One that the subject has already keeps its version and id.
     *
     * @throws RegistryRefusedException if registration was not allowed when this registry was opened, or the registry
     *     refuses the schema as broken or incompatible
     * @throws RegistryUnavailableException if the registry cannot be asked; registering again is safe
     */
    RegisteredSchema register(String subject, SchemaDraft schema);

    /**
     * What the registry says of a schema as the next version of a subject, by the subject's own rule. A subject that
     * does not exist takes any schema.
     *
     * @throws RegistryRefusedException if the registry refuses the schema as broken
     * @throws RegistryUnavailableException if the registry cannot be asked
     */
    CompatibilityAnswer compatibility(String subject, SchemaDraft schema);
}
