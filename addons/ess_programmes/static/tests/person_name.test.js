import { expect, test } from "@odoo/hoot";
import { splitPersonName } from "@ess_programmes/grid/person_name";

test("first and last name are told apart, whatever the order", () => {
    const both = { first_name: "Aminata", last_name: "Diallo" };
    expect(splitPersonName("Aminata Diallo")).toEqual(both);
    expect(splitPersonName(" Diallo, Aminata ")).toEqual(both);
    expect(splitPersonName("DIALLO Aminata")).toEqual({ ...both, last_name: "DIALLO" });
    expect(splitPersonName("Jean-Luc DE LA TOUR")).toEqual({
        first_name: "Jean-Luc",
        last_name: "DE LA TOUR",
    });
});

test("one word is a first name, capitals alone keep their order", () => {
    expect(splitPersonName("Paulo")).toEqual({ first_name: "Paulo" });
    expect(splitPersonName("Marie Le Gall")).toEqual({
        first_name: "Marie",
        last_name: "Le Gall",
    });
    expect(splitPersonName("AMINATA DIALLO")).toEqual({
        first_name: "AMINATA",
        last_name: "DIALLO",
    });
    expect(splitPersonName("")).toEqual({});
});
