using System.Globalization;
using RenodeUvmem.Platform.Profiling;

namespace RenodeUvmem.Uvmem.Profiling;

/// <summary>A colour for each owner of code, a little lighter or darker by name.</summary>
internal static class FlameColors
{
    private static readonly Dictionary<CodeOwner, (int Red, int Green, int Blue)> Colors = new()
    {
        [CodeOwner.HypervisorKernel] = (236, 140, 92),
        [CodeOwner.HypervisorUser] = (246, 201, 120),
        [CodeOwner.GuestKernel] = (106, 160, 220),
        [CodeOwner.GuestUser] = (168, 204, 240),
        [CodeOwner.SecureKernel] = (96, 176, 134),
        [CodeOwner.SecureUser] = (166, 216, 186),
        [CodeOwner.Ultravisor] = (186, 146, 200),
        [CodeOwner.Firmware] = (182, 182, 186),
        [CodeOwner.Host] = (200, 190, 214),
    };

    /// <summary>#rrggbb.</summary>
    public static string Of(CodeOwner owner, string name)
    {
        (int red, int green, int blue) = Colors[owner];
        int shade = 0;
        foreach (char one in name)
            shade = ((shade * 31) + one) & 0xFFFF;
        double factor = name.Length == 0 ? 1 : 0.94 + (0.12 * shade / 0xFFFF);
        return string.Create(CultureInfo.InvariantCulture, $"#{Scaled(red, factor):x2}{Scaled(green, factor):x2}{Scaled(blue, factor):x2}");
    }

    private static int Scaled(int value, double factor) => (int)Math.Clamp(value * factor, 0, 255);
}
