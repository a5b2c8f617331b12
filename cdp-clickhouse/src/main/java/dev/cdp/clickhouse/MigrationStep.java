package dev.cdp.clickhouse;

/**
 * One statement that brings a server closer to the catalog.
 *
 * @param name what it does to what, the same at every plan: {@code add-column:cdp.post_viewed.country}
 * @param sql the statement; empty where there is none that would do
 * @param risk who may run it
 * @param why what it means for what is stored, and for what runs
 */
public record MigrationStep(String name, String sql, Risk risk, String why) {

    /** Who may run a step. */
    public enum Risk {
        /** Anybody: nothing that is stored is lost or reads as what it was not. */
        SAFE,
        /** Whoever names it, after having looked. */
        NAMED,
        /** Nobody: it takes a new table. */
        IMPOSSIBLE
    }
}
