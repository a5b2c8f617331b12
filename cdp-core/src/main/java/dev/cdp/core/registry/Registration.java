package dev.cdp.core.registry;

/** Whether an application may register schemas. */
public enum Registration {
    /** Nothing is ever registered: the default, so that no application changes a registry by running. */
    REFUSED,
    /** {@link SubjectRegistry#register} registers what it is given. Nothing else does. */
    ALLOWED;

    void check() {
        if (this == REFUSED) {
            throw new RegistryRefusedException("registering schemas is not allowed here; it belongs into a deployment,"
                    + " which opens its registry with Registration.ALLOWED");
        }
    }
}
