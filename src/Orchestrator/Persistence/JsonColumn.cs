using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using VerSemi.Domain;

namespace VerSemi.Orchestrator.Persistence;

/// <summary>A record of the domain as one text column. Members that a later version gains are defaults in older rows.</summary>
internal static class JsonColumn<T> where T : class
{
    public static void Use(ModelConfigurationBuilder configuration) =>
        configuration.Properties<T>().HaveConversion<Converter, Comparer>();

    private static string Write(T value) => JsonSerializer.Serialize(value, DomainJson.Canonical);
    private static T Read(string json) => JsonSerializer.Deserialize<T>(json, DomainJson.Canonical)!;

    private sealed class Converter() : ValueConverter<T, string>(value => Write(value), json => Read(json));

    private sealed class Comparer() : ValueComparer<T>(
        (a, b) => (a == null ? null : Write(a)) == (b == null ? null : Write(b)),
        value => Write(value).GetHashCode(StringComparison.Ordinal),
        value => Read(Write(value)));
}
