package com.example.ingestion;

/** Where orders are kept: your database. */
public interface Orders {

    /**
     * Keeps an order. Keeping the same event again changes nothing: an event may come twice.
     *
     * @throws Exception if it cannot be kept now; it is tried again
     */
    void keep(String eventId, OrderPlaced order) throws Exception;
}
