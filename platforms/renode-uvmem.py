# Makes the plugin's types known to Renode. Include it before the first platform description and before Load @snapshot.
import clr
clr.AddReference("Infrastructure")
from System.IO import Path, File
from System.Reflection import Assembly
from Antmicro.Renode.Utilities import TypeManager
from Antmicro.Renode.Exceptions import RecoverableException

def uvmem_find_plugin():
    name = "RenodeUvmem.Renode.dll"
    here = Path.GetDirectoryName(Path.GetFullPath(uvmem_find_plugin.__code__.co_filename))
    # Beside this file in a package; under build/ in the sources.
    for folder in (here, Path.Combine(Path.Combine(here, ".."), Path.Combine("build", "renode"))):
        path = Path.GetFullPath(Path.Combine(folder, name))
        if File.Exists(path):
            return path
    raise RecoverableException("%s is not beside %s; ./scripts/package.sh makes it" % (name, here))

TypeManager.Instance.ScanFile(uvmem_find_plugin())
