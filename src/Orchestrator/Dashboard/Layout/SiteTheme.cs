using MudBlazor;

namespace VerSemi.Orchestrator.Dashboard.Layout;

/// <summary>Colours of which text and ground differ by at least 4.5:1 (WCAG 2.2, 1.4.3) in both themes; the reader's own fonts.</summary>
internal static class SiteTheme
{
    private static readonly string[] Fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "sans-serif"];

    public static MudTheme Value { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0b5c8a",
            Secondary = "#7a3e00",
            Success = "#1b6e33",
            Warning = "#8a5300",
            Error = "#b3261e",
            Info = "#0b5c8a",
            AppbarBackground = "#0f2a3a",
            Background = "#f6f8fa",
            Surface = "#ffffff",
            DrawerBackground = "#ffffff",
            DrawerText = "#1c2830",
            DrawerIcon = "#45545e",
            TextPrimary = "#1c2830",
            TextSecondary = "#4a5a65",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#7cc4ee",
            PrimaryContrastText = "#0b1a24",
            SecondaryContrastText = "#0b1a24",
            SuccessContrastText = "#0b1a24",
            WarningContrastText = "#0b1a24",
            ErrorContrastText = "#0b1a24",
            InfoContrastText = "#0b1a24",
            Secondary = "#f0b072",
            Success = "#7fd698",
            Warning = "#f3c167",
            Error = "#ff9c94",
            Info = "#7cc4ee",
            AppbarBackground = "#0b1a24",
            Background = "#10181e",
            Surface = "#18232b",
            DrawerBackground = "#18232b",
            DrawerText = "#e4ecf1",
            DrawerIcon = "#a9bac6",
            TextPrimary = "#e4ecf1",
            TextSecondary = "#a9bac6",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Fonts, FontSize = ".925rem" },
            Button = new ButtonTypography { FontFamily = Fonts, TextTransform = "none" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px" },
    };
}
