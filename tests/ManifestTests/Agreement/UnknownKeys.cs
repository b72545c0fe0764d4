using System.Collections;
using Microsoft.Extensions.Configuration;

namespace VerSemi.ManifestTests.Agreement;

/// <summary>Settings that no options class has a property for: the services would pass over them without a word.</summary>
internal static class UnknownKeys
{
    /// <param name="types">The classes that the section is bound to: a key must be known to one of them.</param>
    public static IEnumerable<string> Of(IConfigurationSection section, params Type[] types) => section.GetChildren().SelectMany(child =>
    {
        var inner = types.SelectMany(type => Inner(type, child.Key)).ToArray();
        if (inner.Length == 0)
            return [$"{child.Path} is no setting"];
        return child.GetChildren().Any() && inner.All(IsValue) ? [$"{child.Path} is one value, and has no {child.GetChildren().First().Key}"] : Of(child, [.. inner.Where(type => !IsValue(type))]);
    });

    /// <summary>What lies under a key: a property's class, or, in a dictionary or list, the class of what it holds.</summary>
    private static IEnumerable<Type> Inner(Type type, string key)
    {
        if (type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type))
            return typeof(IDictionary).IsAssignableFrom(type) ? [type.GetGenericArguments()[1]] : int.TryParse(key, out _) ? [type.GetGenericArguments()[0]] : [];
        return type.GetProperties().Where(property => string.Equals(property.Name, key, StringComparison.OrdinalIgnoreCase) && IsSettable(property))
            .Select(property => Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType);
    }

    /// <summary>One without a setter is filled in place, if it holds others.</summary>
    private static bool IsSettable(System.Reflection.PropertyInfo property) => property.SetMethod?.IsPublic == true || !IsValue(property.PropertyType);

    private static bool IsValue(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan) || type == typeof(decimal) || type == typeof(DateTimeOffset);
}
